/** Copies objects of one file into another: what they refer to comes along, under new numbers. */
import type { PdfDocument } from '../revision/document.ts';
import {
  name,
  numberOf,
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfObject,
} from '../revision/objects.ts';
import type { OutputFile } from './output-file.ts';

/** What is called otherwise in the new file. */
export interface Renaming {
  /** Added to keys of the parent tree; undefined for a file without structure, whose keys lead nowhere. */
  readonly keyOffset: number | undefined;
  /** The new name of a destination; undefined when the file has no such one. */
  destination(old: Uint8Array): PdfString | undefined;
  /** The new ID of a structure element. */
  elementId(old: PdfString): PdfString;
  /** The new name of a structure type. */
  role(old: string): string;
}

/** Resources deeper than this are copied one by one, without looking for equal ones. */
const MOST_DEPTH = 40;
/** Nodes of trees that the new file makes anew. */
const LEFT_OUT = new Set(['Catalog', 'Pages', 'StructTreeRoot']);

export class ObjectCopier {
  readonly #document: PdfDocument;
  readonly #out: OutputFile;
  readonly #renaming: Renaming;
  /** New numbers by old ones; 0: it is left out. */
  readonly #numbers = new Map<number, number>();
  readonly #sharing = new Set<number>();
  readonly #waiting: number[] = [];

  constructor(document: PdfDocument, out: OutputFile, renaming: Renaming) {
    this.#document = document;
    this.#out = out;
    this.#renaming = renaming;
  }

  /** Whatever refers to `old` refers to `next`, which somebody else writes. Undefined: to nothing. */
  map(old: PdfRef, next: PdfRef | undefined): void {
    this.#numbers.set(old.number, next?.number ?? 0);
  }

  /** The new number of an object, which is copied when `drain` comes to it. */
  ref(old: PdfRef): PdfRef | null {
    const known = this.#numbers.get(old.number);
    if (known !== undefined) return known === 0 ? null : new PdfRef(known);
    const next = this.#out.reserve();
    this.#numbers.set(old.number, next.number);
    this.#waiting.push(old.number);
    return next;
  }

  /** A value with its references, keys and names as they are in the new file. */
  value(object: PdfObject | undefined): PdfObject {
    return this.#rewrite(object ?? null, (ref) => this.ref(ref));
  }

  /**
   * The same for what is the same wherever it stands (resources and content): it and what it refers to are written at once, or found
   * to be there already.
   */
  shared(object: PdfObject | undefined): PdfObject {
    return this.#shared(object ?? null, 0);
  }

  /** Writes what was referred to. */
  *drain(): Generator<Uint8Array> {
    for (let old = this.#waiting.pop(); old !== undefined; old = this.#waiting.pop()) {
      const next = new PdfRef(this.#numbers.get(old) ?? 0);
      const object = this.#document.get(old);
      if (object instanceof PdfStream) {
        const dict = this.value(object.dict) as PdfDict;
        this.#out.put(next, new PdfStream(dict, object.data), this.#document.rawBytes(object));
      } else this.#out.put(next, isLeftOut(object) ? null : this.value(object));
      yield* this.#out.flush();
    }
  }

  #shared(object: PdfObject, depth: number): PdfObject {
    return this.#rewrite(object, (ref) => this.#sharedRef(ref, depth));
  }

  #sharedRef(old: PdfRef, depth: number): PdfRef | null {
    if (depth > MOST_DEPTH || this.#numbers.has(old.number) || this.#sharing.has(old.number)) {
      return this.ref(old);
    }
    const object = this.#document.get(old.number);
    if (object === null || isLeftOut(object)) {
      this.#numbers.set(old.number, 0);
      return null;
    }
    this.#sharing.add(old.number);
    const copy =
      object instanceof PdfStream
        ? new PdfStream(this.#shared(object.dict, depth + 1) as PdfDict, object.data)
        : this.#shared(object, depth + 1);
    this.#sharing.delete(old.number);
    // It refers to itself: `ref` promised a number for it.
    if (this.#numbers.has(old.number)) return this.ref(old);
    const next = this.#out.share(
      copy,
      object instanceof PdfStream ? this.#document.rawBytes(object) : undefined,
    );
    this.#numbers.set(old.number, next.number);
    return next;
  }

  #rewrite(object: PdfObject, refer: (ref: PdfRef) => PdfObject): PdfObject {
    if (object instanceof PdfRef) return refer(object);
    if (Array.isArray(object)) return object.map((item) => this.#rewrite(item, refer));
    if (!(object instanceof PdfDict)) return object;
    const copy = new PdfDict();
    for (const [key, value] of object) {
      const next = this.#entry(object, key, value, refer);
      if (next !== undefined) copy.set(key, next);
    }
    return copy;
  }

  #entry(
    holder: PdfDict,
    key: string,
    value: PdfObject,
    refer: (ref: PdfRef) => PdfObject,
  ): PdfObject | undefined {
    switch (key) {
      case 'StructParent':
      case 'StructParents': {
        const old = numberOf(this.#document.resolve(value));
        const { keyOffset } = this.#renaming;
        return old === undefined || keyOffset === undefined ? undefined : old + keyOffset;
      }
      case 'Length':
        return value instanceof PdfRef ? this.#document.resolve(value) : value;
      case 'Dest':
        return this.#destination(value) ?? this.#rewrite(value, refer);
      case 'D':
        if (holder.nameAt('S') === 'GoTo') return this.#destination(value) ?? this.#rewrite(value, refer);
        break;
      case 'ID':
        if (isElement(holder)) return this.#elementId(value);
        break;
      case 'Headers':
        if (holder.nameAt('O') === 'Table') return this.#headers(value);
        break;
      case 'S':
        if (isElement(holder) && value instanceof PdfName) return name(this.#renaming.role(value.name));
        break;
      case 'K':
        if (isElement(holder)) return this.#rewrite(this.#kids(value), refer);
        break;
      default:
    }
    return this.#rewrite(value, refer);
  }

  #destination(value: PdfObject): PdfObject | undefined {
    const old = this.#document.resolve(value);
    if (old instanceof PdfString) return this.#renaming.destination(old.bytes);
    return old instanceof PdfName ? this.#renaming.destination(Buffer.from(old.name, 'latin1')) : undefined;
  }

  #elementId(value: PdfObject): PdfObject {
    const old = this.#document.resolve(value);
    return old instanceof PdfString ? this.#renaming.elementId(old) : null;
  }

  #headers(value: PdfObject): PdfObject {
    const list = this.#document.resolve(value);
    return Array.isArray(list) ? list.map((each) => this.#elementId(each)) : null;
  }

  /** Without references to objects that are left out. */
  #kids(value: PdfObject): PdfObject {
    const kids = this.#document.resolve(value);
    if (!Array.isArray(kids)) return this.#isGone(kids) ? [] : value;
    const kept = kids.filter((kid) => !this.#isGone(this.#document.resolve(kid)));
    return kept.length === kids.length ? value : kept;
  }

  #isGone(kid: PdfObject): boolean {
    const target = kid instanceof PdfDict ? kid.get('Obj') : undefined;
    return target instanceof PdfRef && this.#numbers.get(target.number) === 0;
  }
}

/** A structure element need not say that it is one (ISO 32000-2 table 355). */
const isElement = (dict: PdfDict): boolean =>
  dict.has('S') && dict.get('P') instanceof PdfRef && (dict.nameAt('Type') ?? 'StructElem') === 'StructElem';

const isLeftOut = (object: PdfObject): boolean =>
  object instanceof PdfDict && LEFT_OUT.has(object.nameAt('Type') ?? '');
