import { damaged } from './pdf-error.ts';

/** Bytes that are put together piece by piece, up to a limit: small pieces by the million cost no more than what they hold. */
export class ByteBuffer {
  readonly #limit: number;
  #bytes = new Uint8Array(1_024);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Throws PDF_DAMAGED beyond the limit, as all of these. */
  add(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  fill(byte: number, count: number): void {
    const at = this.#grow(count);
    this.#bytes.fill(byte, at, at + count);
  }

  /** The first `count` of the four bytes of a number, the highest first. */
  word(value: number, count: number): void {
    const at = this.#grow(count);
    for (let index = 0; index < count; index += 1) this.#bytes[at + index] = value / 2 ** (24 - index * 8);
  }

  /** Where the next bytes go. */
  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length > this.#limit) throw damaged('a compressed stream is too large');
    if (this.#length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    return at;
  }
}
