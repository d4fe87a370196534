/** Bytes of a revision in the making, and objects in the form in which they stand in a file. */
import type { PdfDocument } from './document.ts';
import { PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { serialize } from './serialize.ts';

/** Short pieces are put together in blocks of so many bytes: each by itself would keep a pool of Node's in memory. */
const BLOCK_BYTES = 64 * 1024;
const MOST_SHORT = 4 * 1024;

/** Collects bytes and knows at which offset of the file the next one will be. */
export class ByteSink {
  #parts: Uint8Array[] = [];
  #block = Buffer.alloc(0);
  /** Where the piece of the block begins that is no part yet, and where it ends. */
  #start = 0;
  #end = 0;
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
    if (latin1.length > MOST_SHORT) {
      this.write(Buffer.from(latin1, 'latin1'));
      return;
    }
    this.#makeRoom(latin1.length);
    this.#end += this.#block.write(latin1, this.#end, 'latin1');
    this.#count(latin1.length);
  }

  /** Nobody may change the bytes afterwards. */
  write(bytes: Uint8Array): void {
    const { byteLength } = bytes;
    if (byteLength <= MOST_SHORT) {
      this.#makeRoom(byteLength);
      this.#block.set(bytes, this.#end);
      this.#end += byteLength;
    } else {
      this.#closePiece();
      this.#parts.push(bytes);
    }
    this.#count(byteLength);
  }

  /** Everything that was written since the last time. */
  take(): Uint8Array {
    this.#closePiece();
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    return bytes;
  }

  #count(bytes: number): void {
    this.#offset += bytes;
    this.#held += bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#block.byteLength) return;
    this.#closePiece();
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#start = 0;
    this.#end = 0;
  }

  #closePiece(): void {
    if (this.#end > this.#start) this.#parts.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
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
