/** What a PDF worker is asked and what it answers: one task at a time. */
import type { ErrorCode } from '../../../contract/errors.ts';
import type { SignatureLevel, SignatureOptions } from '../../../contract/document.ts';
import type { JobWarning } from '../../../contract/job.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import type { VerifyReport } from '../../../contract/verify.ts';
import type { ErrorDetails } from '../../error.ts';
import type { MergedPdf, MergeTask } from '../assembly/merge-task.ts';
import type { CompareTask } from '../assembly/compare/compare.ts';
import type { SplitResult, SplitTask } from '../assembly/split/split-task.ts';
import type { SignatureHash } from '../signing/cms/signature-hash.ts';
import type { Signer } from '../signing/keys/signer.ts';
import type { SigningNetwork } from '../signing/trust/signing-network.ts';
import type { ConformPlan } from '../standards/plan.ts';

/** A PDF in memory, or in a file that is too large for it. */
export type PdfInput =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'file'; readonly path: string };

export interface FinishTask {
  readonly input: PdfInput;
  /** Undefined for a document that is only to be signed. */
  readonly plan: ConformPlan | undefined;
  readonly signature: SignatureTask | undefined;
  /** The HTML has a `<title>`, which is the title where the plan has none. */
  readonly hasTitle: boolean;
  /** What the finished file is checked against. */
  readonly standards: readonly PdfStandard[];
  /** Where the finished file goes; undefined for the memory. It must not exist. */
  readonly target: string | undefined;
}

/** The signature of a document. The private key stays with the host, which is asked for the value (SignRequest). */
export interface SignatureTask {
  readonly options: SignatureOptions;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER, the nearest issuer first. */
  readonly chain: readonly Uint8Array[];
  readonly type: Signer['type'];
  readonly hash: SignatureHash;
  readonly network: SigningNetwork;
  /** PNG or JPEG of a visible signature. */
  readonly image: Uint8Array | undefined;
  /** The shipped fonts. */
  readonly fontsFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface FinishedPdf {
  /** Undefined when it went into a file. */
  readonly bytes: Uint8Array | undefined;
  readonly warnings: readonly JobWarning[];
  /** That was reached; undefined when it was not signed. */
  readonly level: SignatureLevel | undefined;
  readonly pages: number | undefined;
}

export interface VerifyTask {
  readonly input: PdfInput;
  /** Certificates in PEM that are trusted as roots. */
  readonly roots: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Standards to check besides those that the file claims. */
  readonly standards: readonly PdfStandard[];
}

interface Tasks {
  compare: { readonly task: CompareTask; readonly result: string | undefined };
  finish: { readonly task: FinishTask; readonly result: FinishedPdf };
  merge: { readonly task: MergeTask; readonly result: MergedPdf };
  split: { readonly task: SplitTask; readonly result: SplitResult };
  verify: { readonly task: VerifyTask; readonly result: VerifyReport };
}

export type TaskKind = keyof Tasks;
export type TaskResult<Kind extends TaskKind> = Tasks[Kind]['result'];
export type PdfTask<Kind extends TaskKind = TaskKind> = {
  [Each in TaskKind]: { readonly kind: Each; readonly task: Tasks[Each]['task'] };
}[Kind];

/** What the host tells a worker. */
export type WorkerMessage =
  | ({ readonly kind: 'task' } & { readonly job: PdfTask })
  | { readonly kind: 'signed'; readonly value: Uint8Array | undefined };

/** What a worker tells the host. */
export type TaskReply =
  /** It has started and begins its first task. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  /** The document is about to be signed: asks for the value of a signature over these bytes. */
  | { readonly kind: 'sign'; readonly data: Uint8Array; readonly hash: SignatureHash }
  | { readonly kind: 'done'; readonly result: TaskResult<TaskKind> }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      /** For the log, when it is a fault of ours. */
      readonly stack: string | undefined;
    };
