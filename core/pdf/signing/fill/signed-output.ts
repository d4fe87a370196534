/** Where a signed document comes into being: in memory, or in a file of any size. */
import type { ByteSource } from '../../revision/byte-source.ts';
import type { SignatureHash } from '../cms/signature-hash.ts';

/** Makes the CMS for the hash of the signed bytes, which are all bytes but those of /Contents. */
export type MakeSignature = (digest: Uint8Array) => Promise<Uint8Array>;

export interface SignedOutput {
  /** Begins anew with these bytes. */
  write(chunks: Iterable<Uint8Array>): void;
  /** Adds bytes at the end. */
  append(chunks: Iterable<Uint8Array>): void;
  /** Takes away what lies behind a size. */
  cut(size: number): void;
  /** What is there by now; valid until the next change. */
  source(): ByteSource;
  /**
   * Fills the placeholders of the signature dictionary of this number. The line end of the file is taken away first, so that
   * the last signed byte is the F of `%%EOF`, as @signpdf/signpdf does it. Errors: TooLarge; what `make` throws, with nothing filled.
   */
  fill(number: number, hash: SignatureHash, make: MakeSignature): Promise<void>;
}
