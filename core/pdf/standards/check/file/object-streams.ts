/** The objects in object streams (ISO 32000-2 §7.5.7), each parsed when it is asked for: one stream may hold a million. */
import { Lexer, PdfSyntaxError } from '../../../revision/lexer.ts';
import { PdfRef, type PdfObject } from '../../../revision/objects.ts';
import { parseObject } from '../../../revision/parser.ts';
import type { CheckedFile } from './checked-file.ts';

/** Decoded bytes that are kept. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

interface ObjectStream {
  readonly bytes: Uint8Array;
  /** Where each object begins, by its index; the end for one that lies outside. */
  readonly starts: Uint32Array;
}

const NONE: ObjectStream = { bytes: new Uint8Array(0), starts: new Uint32Array(0) };

export class ObjectStreams {
  readonly #file: CheckedFile;
  readonly #known = new Map<number, ObjectStream>();
  #bytes = 0;

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  /** Null for one that is not there, or cannot be read. `charge` is told how many bytes were read for it. */
  object(container: number, index: number, charge: (bytes: number) => void): PdfObject {
    const { bytes, starts } = this.#stream(container);
    const start = starts[index];
    if (start === undefined) return null;
    const lexer = new Lexer(bytes, { position: start, lenient: true });
    try {
      return parseObject(lexer);
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
      this.#file.broken.set(container, error.message);
      return null;
    } finally {
      charge(lexer.position - start);
    }
  }

  #stream(number: number): ObjectStream {
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    const stream = this.#read(number);
    this.#bytes += stream.bytes.length + stream.starts.byteLength;
    if (this.#bytes > MOST_KEPT_BYTES) {
      this.#known.clear();
      this.#bytes = stream.bytes.length + stream.starts.byteLength;
    }
    this.#known.set(number, stream);
    return stream;
  }

  #read(number: number): ObjectStream {
    const file = this.#file;
    const stream = file.stream(new PdfRef(number));
    const bytes = stream && file.decode(stream);
    if (stream === undefined || bytes === undefined) {
      file.broken.set(number, 'it is no object stream that can be read');
      return NONE;
    }
    const count = Math.max(0, Math.min(file.integer(stream.dict.get('N')) ?? 0, bytes.length));
    const first = file.integer(stream.dict.get('First')) ?? 0;
    const head = new Lexer(bytes, { lenient: true });
    // Not of 64-bit floats: a lexer at a place that comes out of one is compiled anew each time.
    const starts = new Uint32Array(count);
    let read = 0;
    try {
      for (; read < count; read += 1) {
        file.budget.step();
        head.next();
        const offset = head.next();
        if (typeof offset !== 'number') break;
        const start = first + offset;
        starts[read] = start >= 0 && start < bytes.length && Number.isInteger(start) ? start : bytes.length;
      }
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
      file.broken.set(number, error.message);
    }
    return { bytes, starts: starts.subarray(0, read) };
  }
}
