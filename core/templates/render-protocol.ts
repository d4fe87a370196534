/** What the pool and a render worker say to each other: one job at a time, one answer each. */
import type { ErrorCode } from '../../contract/errors.ts';
import type { ErrorDetails } from '../error.ts';
import type { RenderedDocument, RenderRequest } from './renderer.ts';

export interface RenderLimits {
  /** UTF-16 units of one rendered text. */
  readonly output: number;
  /** Expressions in one text. */
  readonly nodes: number;
  /** Blocks in one another. */
  readonly depth: number;
  /** Partials in one another. */
  readonly partialDepth: number;
  /** Megabytes of a worker's heap. */
  readonly heapMb: number;
  /** Roughly the bytes that compiled templates may take in one worker. */
  readonly cacheBytes: number;
}

export const DEFAULT_RENDER_LIMITS: RenderLimits = {
  output: 64_000_000,
  nodes: 50_000,
  depth: 200,
  partialDepth: 100,
  heapMb: 512,
  cacheBytes: 32_000_000,
};

export type RenderJob = Omit<RenderRequest, 'signal' | 'timeoutMs'>;

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly document: RenderedDocument }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      /** For the log, when it is a fault of ours. */
      readonly stack: string | undefined;
    };
