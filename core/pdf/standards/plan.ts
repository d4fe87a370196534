/** What a document shall become, and what was found on the way. */
import type { RELATIONSHIPS } from '../../../contract/document.ts';
import type { JobWarning } from '../../../contract/job.ts';
import type { PrintOptions } from '../../../contract/page.ts';
import type { Standards } from './model.ts';

/** What the file says about itself: request and HTML taken together. Undefined or empty: nothing is said. */
export interface FileMetadata {
  readonly title: string | undefined;
  readonly author: string | undefined;
  readonly subject: string | undefined;
  readonly keywords: readonly string[];
  /** A language tag (BCP 47). */
  readonly language: string | undefined;
  /** The caller's own name of the document. */
  readonly documentId: string | undefined;
}

export interface AttachedFile {
  readonly filename: string;
  /** Undefined: by the ending of the name. */
  readonly mimeType: string | undefined;
  readonly bytes: Uint8Array;
  readonly relationship: (typeof RELATIONSHIPS)[number] | undefined;
  readonly description: string | undefined;
  readonly profile: 'factur-x' | undefined;
}

export interface ConformPlan {
  readonly standards: Standards;
  readonly metadata: FileMetadata;
  readonly attachments: readonly AttachedFile[];
  /** What PDF/A-1 does with transparency that is in the printed file. */
  readonly transparency: NonNullable<PrintOptions['transparency']>;
  readonly now: Date;
  /** Text from which IDs are derived, so that the same input gives the same bytes; dates are then fixed. */
  readonly seed: string | undefined;
}

export interface ConformResult {
  readonly warnings: readonly JobWarning[];
  /** How the document is to be written: as a revision behind the file, or anew (revision/append.ts, revision/compact.ts). */
  readonly writer: 'append' | 'compact';
}
