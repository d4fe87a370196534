/** Words of a file as values, found by their bytes: most come again and again, and making text of each would cost the most. */

const SLOTS = 4_096;
const MOST_BYTES = 32;

interface Slot<Value> {
  readonly word: Uint8Array;
  readonly value: Value;
}

export class Interned<Value> {
  readonly #slots: (Slot<Value> | undefined)[] = Array.from({ length: SLOTS });
  readonly #make: (latin1: string) => Value;

  constructor(make: (latin1: string) => Value) {
    this.#make = make;
  }

  /** The value of bytes `start` … `end`. */
  at(bytes: Uint8Array, start: number, end: number): Value {
    if (end - start > MOST_BYTES) return this.#make(latin1(bytes, start, end));
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = (hash * 31 + (bytes[at] as number)) | 0;
    const index = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.#slots[index];
    if (known !== undefined && isSame(known.word, bytes, start, end)) return known.value;
    const value = this.#make(latin1(bytes, start, end));
    this.#slots[index] = { word: new Uint8Array(bytes.subarray(start, end)), value };
    return value;
  }
}

function isSame(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let at = 0; at < word.length; at += 1) if (word[at] !== bytes[start + at]) return false;
  return true;
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
