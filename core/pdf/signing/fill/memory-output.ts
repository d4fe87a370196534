/** Signs in memory, by @signpdf/signpdf. */
import { createHash } from 'node:crypto';
import { Signer, SignPdf } from '@signpdf/signpdf';
import { memorySource } from '../../revision/byte-source.ts';
import type { SignatureHash } from '../cms/signature-hash.ts';
import { BYTE_RANGE_MARK, UNKNOWN_MARK } from '../field/signature-dictionary.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { findPlaceholder, roomOf, TooLarge } from './placeholder.ts';
import type { MakeSignature, SignedOutput } from './signed-output.ts';

export interface MemoryOutput extends SignedOutput {
  readonly bytes: Buffer;
}

export function memoryOutput(): MemoryOutput {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    get bytes() {
      return bytes;
    },
    write: (chunks) => {
      bytes = Buffer.concat([...chunks]);
    },
    append: (chunks) => {
      bytes = Buffer.concat([bytes, ...chunks]);
    },
    cut: (size) => {
      bytes = bytes.subarray(0, size);
    },
    source: () => memorySource(bytes),
    async fill(number, hash, make) {
      const source = memorySource(bytes);
      const placeholder = findPlaceholder(source, number);
      // @signpdf takes whatever looks like a placeholder, and a document may hold such bytes elsewhere.
      const first = placeholder.byteRange + BYTE_RANGE_MARK.indexOf(UNKNOWN_MARK);
      const last = placeholder.byteRange + BYTE_RANGE_MARK.lastIndexOf(UNKNOWN_MARK);
      if (bytes.indexOf(UNKNOWN_MARK) === first && bytes.lastIndexOf(UNKNOWN_MARK) === last) {
        bytes = await new SignPdf().sign(bytes, new DigestSigner(hash, make, roomOf(placeholder)));
        return;
      }
      const target = bytes;
      const put = (part: Uint8Array, at: number): void => target.set(part, at);
      bytes = target.subarray(0, await fillPlaceholders({ source, placeholder, put }, hash, make));
    },
  };
}

/** What @signpdf asks for a signature over the signed bytes. */
class DigestSigner extends Signer {
  readonly #hash: SignatureHash;
  readonly #make: MakeSignature;
  readonly #room: number;

  constructor(hash: SignatureHash, make: MakeSignature, room: number) {
    super();
    this.#hash = hash;
    this.#make = make;
    this.#room = room;
  }

  override async sign(signedBytes: Buffer): Promise<Buffer> {
    const cms = await this.#make(createHash(this.#hash).update(signedBytes).digest());
    if (cms.length > this.#room) throw new TooLarge(cms.length);
    return Buffer.from(cms);
  }
}
