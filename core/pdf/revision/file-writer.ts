/** Writes a file of one revision from its first byte on: objects in any order, small ones packed into object streams (ISO 32000-2 §7.5.7). */
import { deflate } from './filters.ts';
import { ByteSink } from './object-writer.ts';
import { name, PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { serialize } from './serialize.ts';
import { xrefStream, xrefTable, type XrefRow } from './xref-writer.ts';

export interface FileWriterOptions {
  /** Of the header, `1.7`. */
  readonly version: string;
  /** Forbidden by PDF/A-1 (ISO 19005-1 §6.1.4). */
  readonly objectStreams: boolean;
  /** The first number that no object of the file has. */
  readonly size: number;
}

/** Readers unpack a whole object stream for one object of it. */
const MOST_PACKED = 200;
const MOST_PACKED_BYTES = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export class FileWriter {
  readonly #sink = new ByteSink();
  readonly #rows: XrefRow[] = [{ number: 0, kind: 'free', generation: 65535 }];
  readonly #objectStreams: boolean;
  #size: number;
  #packed: { number: number; body: string }[] = [];
  #packedBytes = 0;

  constructor({ version, objectStreams, size }: FileWriterOptions) {
    this.#objectStreams = objectStreams;
    this.#size = size;
    this.#sink.write(Buffer.from(`%PDF-${version}\n%\xd3\xeb\xe9\xe1\n`, 'latin1'));
  }

  get packs(): boolean {
    return this.#objectStreams;
  }

  /** A number that no object has yet. */
  reserve(): number {
    this.#size += 1;
    return this.#size - 1;
  }

  /** An object that stands by itself; `body`: the encoded bytes of a stream. */
  object(number: number, object: PdfObject, body?: Uint8Array): void {
    this.begin(number, 0);
    if (!(object instanceof PdfStream)) {
      this.#sink.text(`${number} 0 obj\n${serialize(object)}\nendobj\n`);
      return;
    }
    const bytes = body ?? (object.data.kind === 'bytes' ? object.data.bytes : new Uint8Array());
    const dict = new PdfDict(object.dict).set('Length', bytes.byteLength);
    this.#sink.text(`${number} 0 obj\n${serialize(dict)}\nstream\n`);
    this.#sink.write(bytes);
    this.#sink.text('\nendstream\nendobj\n');
  }

  /** An object without a stream. `body`: Latin-1, the object without `obj` and `endobj`. */
  small(number: number, body: string): void {
    if (this.#objectStreams) {
      this.#packed.push({ number, body });
      this.#packedBytes += body.length;
      if (this.#packed.length >= MOST_PACKED || this.#packedBytes > MOST_PACKED_BYTES) this.pack();
      return;
    }
    this.begin(number, 0);
    this.#sink.text(`${number} 0 obj\n${body}\nendobj\n`);
  }

  /** The bytes of an object follow, `number generation obj … endobj`. */
  begin(number: number, generation: number): void {
    this.#rows.push({ number, kind: 'offset', offset: this.#sink.offset, generation });
  }

  bytes(bytes: Uint8Array): void {
    this.#sink.write(bytes);
  }

  text(latin1: string): void {
    this.#sink.text(latin1);
  }

  /** Writes the object stream that was being filled. */
  pack(): void {
    if (this.#packed.length === 0) return;
    const container = this.reserve();
    let at = 0;
    const index = this.#packed.map(({ number, body }, position) => {
      this.#rows.push({ number, kind: 'packed', container, index: position });
      const pair = `${number} ${at}`;
      at += body.length + 1;
      return pair;
    });
    const head = `${index.join(' ')}\n`;
    const bodies = this.#packed.map(({ body }) => `${body}\n`).join('');
    const encoded = deflate(Buffer.from(head + bodies, 'latin1'));
    const dict = PdfDict.of({
      Type: name('ObjStm'),
      N: this.#packed.length,
      First: head.length,
      Filter: name('FlateDecode'),
    });
    this.#packed = [];
    this.#packedBytes = 0;
    this.object(container, PdfStream.of(dict, encoded));
  }

  /** What was written since the last time, when that is worth a write. */
  *flush(): Generator<Uint8Array> {
    if (this.#sink.held >= CHUNK_BYTES) yield this.#sink.take();
  }

  /** The end of the file. `trailer`: without Size. */
  finish(trailer: PdfDict): Uint8Array {
    this.pack();
    const whole = new PdfDict([['Size', this.#size], ...trailer]);
    if (this.#objectStreams) xrefStream(this.#sink, this.#rows, whole, this.#size);
    else xrefTable(this.#sink, withFreeRows(this.#rows, this.#size), whole);
    return this.#sink.take();
  }
}

/** A table of one revision names every number (ISO 32000-2 §7.5.4). */
function withFreeRows(rows: readonly XrefRow[], size: number): XrefRow[] {
  const used = new Set(rows.map(({ number }) => number));
  const free: XrefRow[] = [];
  for (let number = 1; number < size; number += 1) {
    if (!used.has(number)) free.push({ number, kind: 'free', generation: 65535 });
  }
  return [...rows, ...free];
}
