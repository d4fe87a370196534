/** One walk over all objects of a file: sizes, strings, filters, file specifications, metadata streams. */
import {
  PdfDict,
  PdfName,
  PdfReal,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfObject,
} from '../../../revision/objects.ts';
import type { CheckedFile } from './checked-file.ts';
import type { Place } from '../rule.ts';

/** A value that some part of ISO 19005 finds too large, or a string that is written wrongly. */
export interface Oddity {
  readonly kind: 'integer' | 'real' | 'tiny' | 'string' | 'name' | 'array' | 'dict' | 'odd' | 'character';
  /** The number itself, or a length. */
  readonly size: number;
  readonly place: Place;
}

export interface FoundStream {
  readonly number: number;
  readonly stream: PdfStream;
}

export interface FoundDict {
  readonly dict: PdfDict;
  readonly object: number;
  /** It is the object itself, not a part of another. */
  readonly isWhole: boolean;
}

/** The least of what a part of the standard calls too large. */
const SMALLEST = { string: 32_768, name: 128, array: 8_192, dict: 4_096 } as const;
/** Kept of one kind: the first tell enough. */
const MOST_KEPT = 1_000;

/** Collects odd values: the first of each kind, and the largest, so that no limit is missed. */
export class Oddities {
  readonly found: Oddity[] = [];
  readonly #kinds = new Map<Oddity['kind'], { count: number; largest: number }>();

  look(value: PdfObject, place: Place): void {
    if (typeof value === 'number') this.#number(value, Number.isInteger(value), place);
    else if (value instanceof PdfReal) this.#number(value.value, false, place);
    else if (value instanceof PdfName) {
      if (value.name.length >= SMALLEST.name) this.#add('name', value.name.length, place);
    } else if (value instanceof PdfString) this.#string(value, place);
    else if (Array.isArray(value)) {
      if (value.length >= SMALLEST.array) this.#add('array', value.length, place);
    } else if (value instanceof PdfDict && value.size >= SMALLEST.dict) this.#add('dict', value.size, place);
  }

  key(key: string, place: Place): void {
    if (key.length >= SMALLEST.name) this.#add('name', key.length, place);
  }

  #number(value: number, isInteger: boolean, place: Place): void {
    if (isInteger) {
      if (value > 2_147_483_647 || value < -2_147_483_648) this.#add('integer', value, place);
    } else if (value > 32_767 || value < -32_767) this.#add('real', value, place);
    else if (value !== 0 && value < 1.175e-38 && value > -1.175e-38) this.#add('tiny', value, place);
  }

  #string({ bytes, hexFault }: PdfString, place: Place): void {
    if (bytes.length >= SMALLEST.string) this.#add('string', bytes.length, place);
    if (hexFault !== undefined) this.#add(hexFault, bytes.length, place);
  }

  #add(kind: Oddity['kind'], size: number, place: Place): void {
    const known = this.#kinds.get(kind) ?? { count: 0, largest: 0 };
    this.#kinds.set(kind, known);
    known.count += 1;
    const isLarger = Math.abs(size) > known.largest;
    if (isLarger) known.largest = Math.abs(size);
    if (known.count <= MOST_KEPT || isLarger) this.found.push({ kind, size, place });
  }
}

export interface ObjectFacts {
  readonly count: number;
  readonly oddities: Oddities;
  readonly streams: readonly FoundStream[];
  /** Of /Type /Filespec. */
  readonly fileSpecs: readonly FoundDict[];
  /** /Metadata of dictionaries and streams other than the catalog. */
  readonly metadata: readonly FoundStream[];
  /** Objects that some /AF refers to. */
  readonly associated: ReadonlySet<number>;
}

export function walkObjects(file: CheckedFile): ObjectFacts {
  const walk = new ObjectsWalk(file);
  for (const number of file.reader.objectNumbers()) walk.visit(number);
  return walk;
}

class ObjectsWalk implements ObjectFacts {
  count = 0;
  readonly oddities = new Oddities();
  readonly streams: FoundStream[] = [];
  readonly fileSpecs: FoundDict[] = [];
  readonly metadata: FoundStream[] = [];
  readonly associated = new Set<number>();
  readonly #file: CheckedFile;
  readonly #metadataSeen = new Set<number>();

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  visit(number: number): void {
    this.count += 1;
    const object = this.#file.get(number);
    if (object instanceof PdfStream) {
      this.streams.push({ number, stream: object });
      this.#dict(object.dict, number, true);
    } else this.#value(object, number, true);
  }

  #value(value: PdfObject, number: number, isWhole: boolean): void {
    this.oddities.look(value, { object: number });
    if (value instanceof PdfDict) this.#dict(value, number, isWhole);
    else if (Array.isArray(value)) for (const item of value) this.#value(item, number, false);
  }

  #dict(dict: PdfDict, number: number, isWhole: boolean): void {
    this.#file.budget.step(dict.size);
    const place = { object: number };
    for (const [key, value] of dict) {
      this.oddities.key(key, place);
      if (!(value instanceof PdfRef)) this.#value(value, number, false);
    }
    const type = dict.get('Type');
    const typeName = type instanceof PdfName ? type.name : type === undefined ? '' : this.#file.name(type);
    if (typeName === 'Filespec') this.fileSpecs.push({ dict, object: number, isWhole });
    if (dict.has('Metadata') && typeName !== 'Catalog') this.#metadataOf(dict);
    if (dict.has('AF')) this.#associate(dict.get('AF'));
  }

  #associate(files: PdfObject | undefined): void {
    if (files instanceof PdfRef) this.associated.add(files.number);
    for (const item of this.#file.array(files) ?? [])
      if (item instanceof PdfRef) this.associated.add(item.number);
  }

  #metadataOf(dict: PdfDict): void {
    const ref = dict.get('Metadata');
    const stream = this.#file.stream(ref);
    if (!(ref instanceof PdfRef) || stream === undefined || !isMetadata(this.#file, stream)) return;
    if (this.#metadataSeen.has(ref.number)) return;
    this.#metadataSeen.add(ref.number);
    this.metadata.push({ number: ref.number, stream });
  }
}

/** A metadata stream as ISO 32000-2 §14.3.2 wants it. */
export const isMetadata = (file: CheckedFile, { dict }: PdfStream): boolean =>
  file.name(dict.get('Type')) === 'Metadata' && file.name(dict.get('Subtype')) === 'XML';
