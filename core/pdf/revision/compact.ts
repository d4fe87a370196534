/**
 * Writes a file anew without reading it into a model: objects that stay are copied as the bytes they are, replaced and deleted ones
 * are left out, small ones are packed into object streams (ISO 32000-2 §7.5.7) where the standard of the document allows it.
 */
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from './document.ts';
import { ByteSink, indirectObject } from './object-writer.ts';
import { name, PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { damaged } from './pdf-error.ts';
import { serialize } from './serialize.ts';
import { xrefStream, xrefTable, type XrefRow } from './xref-writer.ts';

export interface CompactOptions {
  /** Forbidden by PDF/A-1 (ISO 19005-1 §6.1.4). */
  readonly objectStreams: boolean;
  /** Numbers of objects that must stand in the file by themselves, such as a signature dictionary. They are written last. */
  readonly apart?: ReadonlySet<number>;
}

const COPY_BYTES = 1024 * 1024;
const TAIL_BYTES = 64;
/** Readers unpack a whole object stream for one object of it. */
const MOST_PACKED = 200;
const MOST_PACKED_BYTES = 256 * 1024;

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
  readonly #sink = new ByteSink();
  readonly #rows: XrefRow[] = [{ number: 0, kind: 'free', generation: 65535 }];
  #size: number;
  #packed: { number: number; body: string }[] = [];
  #packedBytes = 0;

  constructor(document: PdfDocument, options: CompactOptions) {
    this.#document = document;
    this.#options = options;
    this.#size = document.size;
  }

  *write(): Generator<Uint8Array> {
    const version = this.#document.version ?? '1.7';
    this.#sink.write(Buffer.from(`%PDF-${version}\n%\xd3\xeb\xe9\xe1\n`, 'latin1'));
    yield* this.#kept();
    const apart: [number, PdfObject][] = [];
    for (const [number, object] of this.#document.changed) {
      if (this.#options.apart?.has(number) === true) apart.push([number, object]);
      else if (object instanceof PdfStream) this.#changed(number, object);
      else this.#small(number, () => serialize(object));
      yield* this.#flush();
    }
    this.#pack();
    for (const [number, object] of apart) this.#changed(number, object);
    const trailer = new PdfDict([['Size', this.#size], ...this.#document.trailer]);
    if (this.#options.objectStreams) xrefStream(this.#sink, this.#rows, trailer, this.#size);
    else xrefTable(this.#sink, withFreeRows(this.#rows, this.#size), trailer);
    yield this.#sink.take();
  }

  *#kept(): Generator<Uint8Array> {
    const { reader, changed, deleted } = this.#document;
    const ends = objectEnds(this.#document);
    for (const number of reader.objectNumbers()) {
      if (changed.has(number) || deleted.has(number)) continue;
      const entry = reader.entry(number);
      if (entry?.kind === 'packed') {
        const object = reader.get(number);
        this.#small(number, () => serialize(object));
      } else if (entry?.kind === 'offset') {
        const { offset, generation } = entry;
        const span = spanOf(this.#document, offset, ends.after(offset));
        if (span.isStream) {
          if (this.#isOfOldFile(number)) continue;
          yield* this.#copy({ number, generation }, offset, span);
        } else if (generation === 0 && this.#options.objectStreams) {
          this.#small(number, () => latin1(reader.source.read(span.start, span.end - span.start)));
        } else yield* this.#copy({ number, generation }, offset, span);
      }
      yield* this.#flush();
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
    this.#rows.push({ number, kind: 'offset', offset: this.#sink.offset, generation });
    for (let at = offset; at < span.end; at += COPY_BYTES) {
      this.#sink.write(source.read(at, Math.min(COPY_BYTES, span.end - at)).slice());
      yield* this.#flush();
    }
    this.#sink.text('\nendobj\n');
  }

  #changed(number: number, object: PdfObject): void {
    this.#rows.push({ number, kind: 'offset', offset: this.#sink.offset, generation: 0 });
    const { head, body, tail } = indirectObject(this.#document, { number, generation: 0, object });
    this.#sink.text(head);
    if (body !== undefined) this.#sink.write(body);
    this.#sink.text(tail);
  }

  /** `body`: Latin-1, the object without `obj` and `endobj`. */
  #small(number: number, body: () => string): void {
    if (this.#options.objectStreams) {
      const text = body();
      this.#packed.push({ number, body: text });
      this.#packedBytes += text.length;
      if (this.#packed.length >= MOST_PACKED || this.#packedBytes > MOST_PACKED_BYTES) this.#pack();
      return;
    }
    this.#rows.push({ number, kind: 'offset', offset: this.#sink.offset, generation: 0 });
    this.#sink.text(`${number} 0 obj\n${body()}\nendobj\n`);
  }

  #pack(): void {
    if (this.#packed.length === 0) return;
    const container = this.#size;
    this.#size += 1;
    let at = 0;
    const index = this.#packed.map(({ number, body }, position) => {
      this.#rows.push({ number, kind: 'packed', container, index: position });
      const pair = `${number} ${at}`;
      at += body.length + 1;
      return pair;
    });
    const head = `${index.join(' ')}\n`;
    const bodies = this.#packed.map(({ body }) => `${body}\n`).join('');
    const encoded = deflateSync(Buffer.from(head + bodies, 'latin1'));
    const dict = PdfDict.of({
      Type: name('ObjStm'),
      N: this.#packed.length,
      First: head.length,
      Filter: name('FlateDecode'),
    });
    this.#changed(container, PdfStream.of(dict, encoded));
    this.#packed = [];
    this.#packedBytes = 0;
  }

  *#flush(): Generator<Uint8Array> {
    if (this.#sink.held >= COPY_BYTES) yield this.#sink.take();
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A table of one revision names every number (ISO 32000-2 §7.5.4). */
function withFreeRows(rows: readonly XrefRow[], size: number): XrefRow[] {
  const used = new Set(rows.map(({ number }) => number));
  const free: XrefRow[] = [];
  for (let number = 1; number < size; number += 1) {
    if (!used.has(number)) free.push({ number, kind: 'free', generation: 65535 });
  }
  return [...rows, ...free];
}

/** Where the next thing in the file begins, by offset. */
function objectEnds({ reader }: PdfDocument): { after(offset: number): number } {
  const offsets: number[] = [reader.source.size, ...reader.sections.map(({ offset }) => offset)];
  for (const number of reader.objectNumbers()) {
    const entry = reader.entry(number);
    if (entry?.kind === 'offset') offsets.push(entry.offset);
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
