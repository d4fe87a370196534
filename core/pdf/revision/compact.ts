/**
 * Writes a file anew without reading it into a model: objects that stay are copied as the bytes they are, replaced and deleted ones
 * are left out, small ones are packed into object streams where the standard of the document allows it.
 */
import type { PdfDocument } from './document.ts';
import { FileWriter } from './file-writer.ts';
import { PdfStream, type PdfObject } from './objects.ts';
import { damaged } from './pdf-error.ts';
import { serialize } from './serialize.ts';

export interface CompactOptions {
  /** Forbidden by PDF/A-1 (ISO 19005-1 §6.1.4). */
  readonly objectStreams: boolean;
  /** Numbers of objects that must stand in the file by themselves, such as a signature dictionary. They are written last. */
  readonly apart?: ReadonlySet<number>;
}

const COPY_BYTES = 1024 * 1024;
const TAIL_BYTES = 64;

/** The new file in chunks. The result has one revision; signatures of the old one do not survive. */
export function* compactCopy(document: PdfDocument, options: CompactOptions): Generator<Uint8Array> {
  const writer = new CompactWriter(document, options);
  yield* writer.write();
}

interface Span {
  readonly start: number;
  /** Behind the object, before `endobj`. */
  readonly end: number;
  readonly isStream: boolean;
}

class CompactWriter {
  readonly #document: PdfDocument;
  readonly #options: CompactOptions;
  readonly #file: FileWriter;

  constructor(document: PdfDocument, options: CompactOptions) {
    this.#document = document;
    this.#options = options;
    this.#file = new FileWriter({
      version: document.version ?? '1.7',
      objectStreams: options.objectStreams,
      size: document.size,
    });
  }

  *write(): Generator<Uint8Array> {
    yield* this.#kept();
    const apart: [number, PdfObject][] = [];
    for (const [number, object] of this.#document.changed) {
      if (this.#options.apart?.has(number) === true) apart.push([number, object]);
      else if (object instanceof PdfStream) this.#changed(number, object);
      else this.#file.small(number, serialize(object));
      yield* this.#file.flush();
    }
    this.#file.pack();
    for (const [number, object] of apart) this.#changed(number, object);
    yield this.#file.finish(this.#document.trailer);
  }

  *#kept(): Generator<Uint8Array> {
    const { reader, changed, deleted } = this.#document;
    const ends = objectEnds(this.#document);
    for (let number = 1; number < reader.size; number += 1) {
      if (changed.has(number) || deleted.has(number)) continue;
      const entry = reader.entry(number);
      if (entry?.kind === 'packed') this.#file.small(number, serialize(reader.get(number)));
      else if (entry?.kind === 'offset') {
        const { offset, generation } = entry;
        const span = spanOf(this.#document, offset, ends.after(offset));
        if (span.isStream) {
          if (this.#isOfOldFile(number)) continue;
          yield* this.#copy({ number, generation }, offset, span);
        } else if (generation === 0 && this.#file.packs) {
          this.#file.small(number, latin1(reader.source.read(span.start, span.end - span.start)));
        } else yield* this.#copy({ number, generation }, offset, span);
      }
      yield* this.#file.flush();
    }
  }

  /** Cross-reference and object streams describe the file that they were in. */
  #isOfOldFile(number: number): boolean {
    const { reader } = this.#document;
    if (reader.sections.every(({ kind }) => kind === 'table')) return false;
    const stream = reader.get(number);
    const type = stream instanceof PdfStream ? stream.dict.nameAt('Type') : undefined;
    return type === 'XRef' || type === 'ObjStm';
  }

  *#copy(
    { number, generation }: { number: number; generation: number },
    offset: number,
    span: Span,
  ): Generator<Uint8Array> {
    const { source } = this.#document.reader;
    this.#file.begin(number, generation);
    for (let at = offset; at < span.end; at += COPY_BYTES) {
      this.#file.bytes(new Uint8Array(source.read(at, Math.min(COPY_BYTES, span.end - at))));
      yield* this.#file.flush();
    }
    this.#file.text('\nendobj\n');
  }

  #changed(number: number, object: PdfObject): void {
    const body = object instanceof PdfStream ? this.#document.rawBytes(object) : undefined;
    this.#file.object(number, object, body);
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Where the next thing in the file begins, by offset. */
function objectEnds({ reader }: PdfDocument): { after(offset: number): number } {
  const offsets: number[] = [reader.source.size, ...reader.sections.map(({ offset }) => offset)];
  for (let number = 1; number < reader.size; number += 1) {
    const offset = reader.offset(number);
    if (offset >= 0) offsets.push(offset);
  }
  const sorted = Float64Array.from(offsets).sort();
  return {
    after(offset) {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle] ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      return sorted[low] ?? reader.source.size;
    },
  };
}

/**
 * The object that begins at `offset`, without parsing it and without the space around it, at which pyHanko fails when it stands in
 * an object stream: its last `endobj` before `limit` ends it.
 */
function spanOf({ reader: { source } }: PdfDocument, offset: number, limit: number): Span {
  const text = Buffer.from(source.read(offset, TAIL_BYTES)).toString('latin1');
  const head = /^\s*\d+\s+\d+\s+obj\b\s*/.exec(text);
  for (let length = TAIL_BYTES; head !== null; length *= 16) {
    const from = Math.max(offset, limit - length);
    const tail = Buffer.from(source.read(from, limit - from)).toString('latin1');
    const at = tail.lastIndexOf('endobj');
    if (at >= 0) {
      const isStream = /endstream\s*$/.test(tail.slice(Math.max(0, at - 12), at));
      return { start: offset + head[0].length, end: from + tail.slice(0, at).trimEnd().length, isStream };
    }
    if (from === offset) break;
  }
  throw damaged('an object has no end', offset);
}
