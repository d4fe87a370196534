/**
 * The objects of a file as a checker reads them: tolerant where a reader would refuse, so that the fault can be named. Objects
 * that cannot be read at all are null, and remembered.
 */
import { InfluxionError } from '../../../../error.ts';
import { decodeStream, filtersOf } from '../../../revision/filters.ts';
import { PdfSyntaxError } from '../../../revision/lexer.ts';
import {
  numberOf,
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfObject,
} from '../../../revision/objects.ts';
import type { PdfReader } from '../../../revision/reader.ts';
import { textOf } from '../../../revision/text-string.ts';
import { type Budget } from '../budget.ts';
import { ObjectStreams } from './object-streams.ts';
import { scanObject } from './scan-object.ts';
import type { StreamForm } from './stream-span.ts';

const MOST_HOPS = 32;
/** Objects that are kept, and bytes that they were read from; a larger file is read again where a walk comes back. */
const MOST_KEPT = 200_000;
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
/** Decoded bytes of one stream; beyond, it counts as unreadable. */
const MOST_DECODED = 256 * 1024 * 1024;

export class CheckedFile {
  readonly reader: PdfReader;
  readonly budget: Budget;
  /** Objects whose spacing is at fault. */
  readonly unspaced = new Set<number>();
  /** Objects that cannot be read, with the reason. */
  readonly broken = new Map<number, string>();
  readonly #objects = new Map<number, PdfObject>();
  readonly #containers: ObjectStreams;
  #keptBytes = 0;
  readonly #streams = new Map<number, StreamForm>();
  readonly #opening = new Set<number>();

  constructor(reader: PdfReader, budget: Budget) {
    this.reader = reader;
    this.budget = budget;
    this.#containers = new ObjectStreams(this);
  }

  get(number: number): PdfObject {
    const known = this.#objects.get(number);
    if (known !== undefined) return known;
    const object = this.#load(number);
    if (this.#objects.size >= MOST_KEPT || this.#keptBytes > MOST_KEPT_BYTES) {
      this.#objects.clear();
      this.#keptBytes = 0;
    }
    this.#objects.set(number, object);
    return object;
  }

  /** Bytes that were read for an object: they cost time, and what was made of them memory. */
  #charge(bytes: number): void {
    this.budget.step(bytes >> 6);
    this.#keptBytes += bytes;
  }

  /** Follows references; null at their end when there is nothing. */
  resolve(object: PdfObject | undefined): PdfObject {
    this.budget.step();
    let value = object ?? null;
    for (let hops = 0; value instanceof PdfRef; hops += 1) {
      if (hops === MOST_HOPS) return null;
      value = this.get(value.number);
    }
    return value;
  }

  /** How the words of a stream stand in the file; undefined for one in an object stream. */
  streamForm(number: number): StreamForm | undefined {
    return this.#streams.get(number);
  }

  dict(object: PdfObject | undefined): PdfDict | undefined {
    const value = this.resolve(object);
    return value instanceof PdfDict ? value : undefined;
  }

  /** The dictionary of a dictionary or of a stream. */
  dictOrStream(object: PdfObject | undefined): PdfDict | undefined {
    const value = this.resolve(object);
    if (value instanceof PdfStream) return value.dict;
    return value instanceof PdfDict ? value : undefined;
  }

  array(object: PdfObject | undefined): readonly PdfObject[] | undefined {
    const value = this.resolve(object);
    return Array.isArray(value) ? value : undefined;
  }

  stream(object: PdfObject | undefined): PdfStream | undefined {
    const value = this.resolve(object);
    return value instanceof PdfStream ? value : undefined;
  }

  name(object: PdfObject | undefined): string | undefined {
    const value = this.resolve(object);
    return value instanceof PdfName ? value.name : undefined;
  }

  number(object: PdfObject | undefined): number | undefined {
    return numberOf(this.resolve(object));
  }

  integer(object: PdfObject | undefined): number | undefined {
    const value = this.resolve(object);
    return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  }

  string(object: PdfObject | undefined): PdfString | undefined {
    const value = this.resolve(object);
    return value instanceof PdfString ? value : undefined;
  }

  /** The text of a text string. */
  text(object: PdfObject | undefined): string | undefined {
    const value = this.string(object);
    if (value === undefined) return undefined;
    this.budget.step(value.bytes.length >> 6);
    return textOf(value);
  }

  bool(object: PdfObject | undefined): boolean | undefined {
    const value = this.resolve(object);
    return typeof value === 'boolean' ? value : undefined;
  }

  rawBytes({ data }: PdfStream): Uint8Array {
    return data.kind === 'bytes' ? data.bytes : this.reader.source.read(data.offset, data.length);
  }

  /** The decoded bytes; undefined when they cannot be decoded, also because they are too many. */
  decode(stream: PdfStream, limit = MOST_DECODED): Uint8Array | undefined {
    try {
      const bytes = decodeStream(
        this.rawBytes(stream),
        filtersOf(stream.dict, (object) => this.resolve(object)),
        limit,
      );
      this.budget.step(bytes.length >> 10);
      return bytes;
    } catch (error) {
      if (error instanceof InfluxionError) return undefined;
      throw error;
    }
  }

  #load(number: number): PdfObject {
    this.budget.step();
    const entry = this.reader.entry(number);
    if (entry === undefined || entry.kind === 'free' || this.#opening.has(number)) return null;
    this.#opening.add(number);
    try {
      if (entry.kind === 'packed') {
        return this.#containers.object(entry.container, entry.index, (bytes) => this.#charge(bytes));
      }
      const scanned = scanObject(
        this.reader.source,
        entry.offset,
        (length) => this.integer(length),
        (bytes) => this.#charge(bytes),
      );
      if (!scanned.isSpaced) this.unspaced.add(number);
      if (scanned.stream !== undefined) this.#streams.set(number, scanned.stream);
      return scanned.object;
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
      this.broken.set(number, error.message);
      return null;
    } finally {
      this.#opening.delete(number);
    }
  }
}
