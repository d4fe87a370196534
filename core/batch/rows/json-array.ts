/**
 * Rows of a JSON file whose value is an array. Its elements are cut out by their brackets and quotation marks and parsed
 * one by one, so that the file is never whole in memory and a broken element is the fault of its row alone.
 */
import { rowsInvalid } from './rows-error.ts';
import { MAX_ROW_BYTES, type RowSource, type SourceRow } from './row-source.ts';
import { utf8Chunks, type TextEncodingName } from './text-encoding.ts';
import { firstNames, parseRow } from './json-value.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export async function openJsonArray(path: string, encoding: TextEncodingName): Promise<RowSource> {
  const rows = (signal?: AbortSignal): AsyncGenerator<SourceRow> => jsonArray(path, encoding, signal);
  return {
    format: 'json',
    encoding,
    separator: null,
    sheets: [],
    columns: await firstNames(rows(), 'The array'),
    rows,
  };
}

async function* jsonArray(
  path: string,
  encoding: TextEncodingName,
  signal?: AbortSignal,
): AsyncGenerator<SourceRow> {
  const splitter = new ElementSplitter();
  let row = 0;
  for await (const chunk of utf8Chunks(path, encoding, signal)) {
    for (const text of splitter.push(chunk)) {
      row += 1;
      yield parseRow({ row, line: row }, text);
    }
  }
  splitter.end(row + 1);
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

class ElementSplitter {
  #state: 'before' | 'inside' | 'after' = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #size = 0;
  #elements = 0;

  /** The texts of the elements that end in this chunk. */
  push(chunk: Buffer): string[] {
    const found: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (this.#state === 'before') {
        if (byte === OPEN_ARRAY) this.#state = 'inside';
        else if (!isSpace(byte)) throw noArray();
        start = at + 1;
      } else if (this.#state === 'after') {
        if (!isSpace(byte)) throw rowsInvalid('Something follows the end of the array.');
        start = at + 1;
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        this.#depth += 1;
      } else if (this.#depth > 0) {
        if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) this.#depth -= 1;
      } else if (byte === COMMA || byte === CLOSE_ARRAY) {
        const text = this.#take(chunk.subarray(start, at));
        // Nothing between the brackets is an array without elements.
        if (byte === COMMA || text.trim() !== '' || this.#elements > 0) found.push(text);
        this.#elements += 1;
        start = at + 1;
        if (byte === CLOSE_ARRAY) this.#state = 'after';
      }
    }
    if (this.#state === 'inside') this.#keep(chunk.subarray(start));
    return found;
  }

  end(row: number): void {
    if (this.#state === 'before') throw noArray();
    if (this.#state === 'inside') {
      throw rowsInvalid(`The file ends in the middle of row ${row}.`, 'The array is not closed.');
    }
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > MAX_ROW_BYTES) {
      throw rowsInvalid(
        `Row ${this.#elements + 1} is larger than ${MAX_ROW_BYTES / 1024 / 1024} MB.`,
        'Look for a quotation mark or bracket that is not closed.',
      );
    }
    // A copy: the chunk is the buffer of the stream.
    this.#parts.push(Buffer.from(part));
  }

  #take(last: Buffer): string {
    const text =
      this.#parts.length === 0 ? last.toString() : Buffer.concat([...this.#parts, last]).toString();
    this.#parts = [];
    this.#size = 0;
    return text;
  }
}

const noArray = () =>
  rowsInvalid('The file is not a JSON array.', 'It must be [ … ] with one element a row, or JSON Lines.');
