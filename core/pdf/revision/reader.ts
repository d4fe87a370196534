/** A PDF file, read lazily: objects are parsed when asked for, streams stay where they are. */
import type { ByteSource } from './byte-source.ts';
import { decodeStream, filtersOf } from './filters.ts';
import { Lexer, PdfSyntaxError } from './lexer.ts';
import type { PdfDict } from './objects.ts';
import { numberOf, PdfRef, PdfStream, type PdfObject } from './objects.ts';
import { parseObject } from './parser.ts';
import { damaged } from './pdf-error.ts';
import { InfluxionError } from '../../error.ts';
import { parseIndirect } from './indirect-object.ts';
import { XrefIndex } from './xref-index.ts';
import { tooManyObjects, type XrefEntry, type XrefSection } from './xref-section.ts';
import { readSections, readStartXref } from './xref.ts';

/** Indirections from one reference to the next; more is a circle. */
const MOST_HOPS = 32;
const HEADER_BYTES = 1_024;

export class PdfReader {
  readonly source: ByteSource;
  /** Of the header, such as `1.4`; undefined when the file does not begin with one. */
  readonly headerVersion: string | undefined;
  /** Newest first. */
  readonly sections: readonly XrefSection[];
  /** Of the newest section. */
  readonly trailer: PdfDict;
  /** One more than the highest object number that a section can hold. */
  readonly size: number;
  readonly #index: XrefIndex;
  readonly #objects = new Map<number, PdfObject>();
  readonly #containers = new Map<number, readonly PdfObject[]>();
  readonly #opening = new Set<number>();

  private constructor(
    source: ByteSource,
    headerVersion: string | undefined,
    sections: readonly XrefSection[],
  ) {
    const [newest] = sections;
    if (newest === undefined) throw damaged('it has no cross-reference section');
    this.source = source;
    this.headerVersion = headerVersion;
    this.sections = sections;
    this.trailer = newest.trailer;
    this.#index = new XrefIndex(sections);
    const stated = numberOf(newest.trailer.get('Size')) ?? 0;
    this.size = Math.max(1, Number.isInteger(stated) ? stated : 0, this.#index.end);
    if (tooManyObjects(this.size)) throw damaged('its trailer names too many objects');
  }

  /**
   * Errors: PDF_DAMAGED (no header, no end, a broken or circular cross-reference), PDF_ENCRYPTED. Objects that are broken are
   * found when they are asked for.
   */
  static open(source: ByteSource): PdfReader {
    const head = Buffer.from(source.read(0, HEADER_BYTES)).toString('latin1');
    const header = /%PDF-(\d\.\d)/.exec(head);
    if (header === null) throw damaged('it does not begin with "%PDF"');
    const reader = new PdfReader(
      source,
      head.startsWith('%PDF-') ? header[1] : undefined,
      readSections(source, readStartXref(source)),
    );
    if (reader.sections.some(({ trailer }) => trailer.has('Encrypt'))) {
      throw new InfluxionError('PDF_ENCRYPTED', 'This PDF is encrypted, so it cannot be read.', {
        hint: 'Remove its password first, for instance with "qpdf --decrypt in.pdf out.pdf".',
      });
    }
    return reader;
  }

  /** Where an object is, as the newest section that names it says. */
  entry(number: number): XrefEntry | undefined {
    return this.#index.entry(number);
  }

  /** Where an object begins that stands in the file by itself; -1 for every other number. */
  offset(number: number): number {
    return this.#index.offset(number);
  }

  /** Numbers of all objects in use, ascending. */
  *objectNumbers(): Generator<number> {
    for (let number = 1; number < this.#index.end; number += 1) {
      const entry = this.entry(number);
      if (entry !== undefined && entry.kind !== 'free') yield number;
    }
  }

  /** The object of a number, null when there is none (ISO 32000-2 §7.3.10). Throws PDF_DAMAGED. */
  get(number: number): PdfObject {
    const known = this.#objects.get(number);
    if (known !== undefined) return known;
    const object = this.#load(number);
    this.#objects.set(number, object);
    return object;
  }

  /** Follows references. */
  resolve(object: PdfObject | undefined): PdfObject {
    let value = object ?? null;
    for (let hops = 0; value instanceof PdfRef; hops += 1) {
      if (hops === MOST_HOPS) throw damaged(`object ${value.number} refers to itself`);
      value = this.get(value.number);
    }
    return value;
  }

  /** The encoded bytes of a stream. */
  rawBytes({ data }: PdfStream): Uint8Array {
    return data.kind === 'bytes' ? data.bytes : this.source.read(data.offset, data.length);
  }

  /** The decoded bytes of a stream, at most `limit`. Throws PDF_DAMAGED. */
  decodedBytes(stream: PdfStream, limit?: number): Uint8Array {
    const steps = filtersOf(stream.dict, (object) => this.resolve(object));
    return decodeStream(this.rawBytes(stream), steps, limit);
  }

  /** Forgets parsed objects, so that a walk over a large file stays small. */
  forget(): void {
    this.#objects.clear();
    this.#containers.clear();
  }

  #load(number: number): PdfObject {
    const entry = this.entry(number);
    if (entry === undefined || entry.kind === 'free') return null;
    if (this.#opening.has(number)) throw damaged(`object ${number} needs itself to be read`);
    this.#opening.add(number);
    try {
      if (entry.kind === 'packed') return this.#container(entry.container)[entry.index] ?? null;
      const found = parseIndirect(this.source, entry.offset, (length) => numberOf(this.resolve(length)));
      if (found.number !== number) throw damaged(`object ${number} is not where it should be`, entry.offset);
      return found.object;
    } catch (error) {
      if (error instanceof PdfSyntaxError)
        throw damaged(`object ${number} is broken: ${error.message}`, error.offset);
      throw error;
    } finally {
      this.#opening.delete(number);
    }
  }

  /** The objects of an object stream in their order (ISO 32000-2 §7.5.7). */
  #container(number: number): readonly PdfObject[] {
    const known = this.#containers.get(number);
    if (known !== undefined) return known;
    const stream = this.get(number);
    if (!(stream instanceof PdfStream)) throw damaged(`object stream ${number} is missing`);
    const bytes = this.decodedBytes(stream);
    const count = numberOf(this.resolve(stream.dict.get('N'))) ?? 0;
    const first = numberOf(this.resolve(stream.dict.get('First'))) ?? 0;
    if (count > bytes.length) throw damaged(`object stream ${number} is broken`);
    const head = new Lexer(bytes);
    const objects: PdfObject[] = [];
    for (let index = 0; index < count; index += 1) {
      head.next();
      const offset = head.next();
      if (typeof offset !== 'number') throw damaged(`object stream ${number} is broken`);
      objects.push(parseObject(new Lexer(bytes, { position: first + offset })));
    }
    this.#containers.set(number, objects);
    return objects;
  }
}
