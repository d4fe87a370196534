/** Bytes of a revision in the making, and objects in the form in which they stand in a file. */
import type { PdfDocument } from './document.ts';
import { PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { serialize } from './serialize.ts';

/** Collects bytes and knows at which offset of the file the next one will be. */
export class ByteSink {
  #parts: Uint8Array[] = [];
  #offset: number;
  #held = 0;

  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Bytes that have not been taken. */
  get held(): number {
    return this.#held;
  }

  get offset(): number {
    return this.#offset;
  }

  text(latin1: string): void {
    this.write(Buffer.from(latin1, 'latin1'));
  }

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#offset += bytes.byteLength;
    this.#held += bytes.byteLength;
  }

  /** Everything that was written since the last time. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    return bytes;
  }
}

export interface WrittenObject {
  readonly head: string;
  /** Of a stream. */
  readonly body: Uint8Array | undefined;
  readonly tail: string;
}

/** `n g obj … endobj`; a stream gets the /Length that it has. */
export function indirectObject(
  document: PdfDocument,
  { number, generation, object }: { number: number; generation: number; object: PdfObject },
): WrittenObject {
  const opening = `${number} ${generation} obj\n`;
  if (!(object instanceof PdfStream)) {
    return { head: `${opening}${serialize(object)}\nendobj\n`, body: undefined, tail: '' };
  }
  const body = document.rawBytes(object);
  const dict = new PdfDict(object.dict).set('Length', body.byteLength);
  return { head: `${opening}${serialize(dict)}\nstream\n`, body, tail: '\nendstream\nendobj\n' };
}
