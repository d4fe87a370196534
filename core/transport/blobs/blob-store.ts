/** Where data and documents wait that are too large for a message: one place an attempt, gone with it. */
import type { AttemptKey } from '../../jobs/output-store.ts';

export interface BlobStore {
  /** Keeps the request of an attempt; the address where its worker fetches it. Errors: BLOB_UNREACHABLE, those of the disk. */
  keepPayload(key: AttemptKey, json: Uint8Array): Promise<string>;
  /** Where the worker of an attempt delivers its document. */
  uploadUrl(key: AttemptKey): Promise<string>;
  /** What was delivered there, piece by piece. Errors: BLOB_UNREACHABLE when nothing is there. */
  openUpload(key: AttemptKey, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Forgets the attempt; never rejects. */
  remove(key: AttemptKey): Promise<void>;
}

/** Bytes; what is larger does not travel in messages. Far below what RabbitMQ takes, since messages live in its memory. */
export const DEFAULT_INLINE_BYTES = 256 * 1024;

/** Largest document that a worker may deliver, in bytes. */
export const MAX_UPLOAD_BYTES = 1024 * 1024 * 1024;
