/** What the tests and the process of the hidden-window engine say to each other: lines of JSON. */
import type { JobWarning } from '../../contract/job.ts';
import type { EngineStatus, PrintRequest } from '../../core/pdf/engine.ts';

export interface EngineSetup {
  readonly port: number;
  readonly cacheDir: string;
  readonly fontsDir: string;
  readonly options: {
    readonly concurrency?: number;
    readonly printMemoryBytes?: number;
    readonly recycleAfter?: number;
    readonly memoryCeilingBytes?: number;
  };
}

export type EngineCall =
  | { readonly kind: 'start' | 'close' | 'crash' | 'abort'; readonly id: number }
  | { readonly kind: 'print'; readonly id: number; readonly request: Omit<PrintRequest, 'assets' | 'signal'> }
  | {
      readonly kind: 'asset';
      readonly asset: number;
      readonly answer: { readonly bytes: string; readonly mimeType: string } | 'failed' | null;
    };

export type EngineAnswer =
  | { readonly kind: 'hello'; readonly id: 0; readonly concurrency: number }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'asset'; readonly id: number; readonly asset: number; readonly name: string }
  | {
      readonly kind: 'printed';
      readonly id: number;
      /** Base64. */
      readonly pdf: string;
      readonly streamed: boolean;
      readonly warnings: JobWarning[];
    }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string | undefined;
      readonly message: string;
      readonly cause: string;
      readonly aborted: boolean;
    };

export type EngineLine = EngineAnswer & { readonly status: EngineStatus };
