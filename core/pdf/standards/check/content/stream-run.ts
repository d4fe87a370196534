/** What a content stream is run with. */
import type { ColourSpace } from '../colour/colour-space.ts';
import type { GraphicsState } from './graphics-state.ts';
import type { StreamMarking } from './marked-content.ts';
import type { ResourceScope } from './resource-scope.ts';

/** One stream to be run. */
export interface StreamRun {
  readonly bytes: Uint8Array;
  readonly scope: ResourceScope;
  readonly state: GraphicsState;
  readonly marking: StreamMarking;
  /** Content of a page, itself or through forms. */
  readonly isReal: boolean;
  /** Its marked content counts: not in appearances, patterns and glyphs. */
  readonly isJudged: boolean;
  readonly page: number;
  readonly blending: ColourSpace | undefined;
  /** Depth of forms within forms. */
  readonly depth: number;
}

/** Where something is painted from. */
export interface Origin {
  readonly run: StreamRun;
  readonly state: GraphicsState;
}
