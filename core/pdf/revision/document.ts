/**
 * A PDF that is being changed: the file as it was read, and what shall be different. Nothing is written until one of the two
 * writers (append.ts, compact.ts) is given the document.
 */
import type { ByteSource } from './byte-source.ts';
import { filtersOf, decodeStream } from './filters.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, numberOf, type PdfObject } from './objects.ts';
import { damaged } from './pdf-error.ts';
import { PdfReader } from './reader.ts';

/** A page with what it inherits (ISO 32000-2 §7.7.3.4). */
export interface PdfPage {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** Attributes of its ancestors that it does not have itself: Resources, MediaBox, CropBox, Rotate. */
  inherited(key: string): PdfObject;
}

const MOST_PAGES = 1_000_000;
/** Of a page tree; each page asks all above it for what it does not say itself. */
const MOST_DEPTH = 256;

export class PdfDocument {
  readonly reader: PdfReader;
  /** Entries of the new trailer besides Size, Prev and those of a cross-reference stream. */
  readonly trailer: PdfDict;
  /** `1.4`, `2.0`: the header is patched in place when it differs, which no signature survives. */
  version: string | undefined;
  readonly #changed = new Map<number, PdfObject>();
  readonly #deleted = new Set<number>();
  #size: number;

  private constructor(reader: PdfReader) {
    this.reader = reader;
    this.version = reader.headerVersion;
    this.#size = reader.size;
    this.trailer = new PdfDict([...reader.trailer].filter(([key]) => !TRAILER_OF_SECTION.has(key)));
  }

  /** Errors: PDF_DAMAGED, PDF_ENCRYPTED. */
  static open(source: ByteSource): PdfDocument {
    return new PdfDocument(PdfReader.open(source));
  }

  get rootRef(): PdfRef {
    const root = this.trailer.get('Root');
    if (!(root instanceof PdfRef)) throw damaged('its trailer names no catalog');
    return root;
  }

  /** The catalog. */
  get root(): PdfDict {
    const root = this.get(this.rootRef.number);
    if (!(root instanceof PdfDict)) throw damaged('its catalog is missing');
    return root;
  }

  /** One more than the highest object number. */
  get size(): number {
    return this.#size;
  }

  /** Whether anything differs from the file that was read. */
  get isChanged(): boolean {
    return this.#changed.size > 0 || this.#deleted.size > 0;
  }

  get changed(): ReadonlyMap<number, PdfObject> {
    return this.#changed;
  }

  get deleted(): ReadonlySet<number> {
    return this.#deleted;
  }

  /** The object of a number as it is now. To change it in place, take it from `edit`. */
  get(number: number): PdfObject {
    if (this.#deleted.has(number)) return null;
    return this.#changed.get(number) ?? this.reader.get(number);
  }

  resolve(object: PdfObject | undefined): PdfObject {
    let value = object ?? null;
    for (let hops = 0; value instanceof PdfRef; hops += 1) {
      if (hops === 32) throw damaged(`object ${value.number} refers to itself`);
      value = this.get(value.number);
    }
    return value;
  }

  dictAt(holder: PdfDict | undefined, key: string): PdfDict | undefined {
    const value = this.resolve(holder?.get(key));
    return value instanceof PdfDict ? value : undefined;
  }

  arrayAt(holder: PdfDict | undefined, key: string): PdfObject[] | undefined {
    const value = this.resolve(holder?.get(key));
    return Array.isArray(value) ? value : undefined;
  }

  streamAt(holder: PdfDict | undefined, key: string): PdfStream | undefined {
    const value = this.resolve(holder?.get(key));
    return value instanceof PdfStream ? value : undefined;
  }

  numberAt(holder: PdfDict | undefined, key: string): number | undefined {
    return numberOf(this.resolve(holder?.get(key)));
  }

  nameAt(holder: PdfDict | undefined, key: string): string | undefined {
    const value = this.resolve(holder?.get(key));
    return value instanceof PdfName ? value.name : undefined;
  }

  /** Adds an object. */
  add(object: PdfObject): PdfRef {
    const ref = new PdfRef(this.#size);
    this.#size += 1;
    this.#changed.set(ref.number, object);
    return ref;
  }

  /** Replaces an object. */
  set(ref: PdfRef, object: PdfObject): void {
    this.#deleted.delete(ref.number);
    this.#changed.set(ref.number, object);
    if (ref.number >= this.#size) this.#size = ref.number + 1;
  }

  /** The object to be changed in place; it will be written. */
  edit(ref: PdfRef): PdfObject {
    const object = this.get(ref.number);
    if (!this.#changed.has(ref.number)) this.#changed.set(ref.number, object);
    return object;
  }

  /** Throws PDF_DAMAGED when the object is no dictionary. */
  editDict(ref: PdfRef): PdfDict {
    const dict = this.edit(ref);
    if (!(dict instanceof PdfDict)) throw damaged(`object ${ref.number} is no dictionary`);
    return dict;
  }

  /** The dictionary at a key of another, to be changed in place: itself when indirect, else through its holder. */
  editDictAt(holder: PdfRef, key: string): PdfDict | undefined {
    const dict = this.get(holder.number);
    if (!(dict instanceof PdfDict)) return undefined;
    const value = dict.get(key);
    if (value instanceof PdfRef) return this.dictAt(dict, key) && this.editDict(value);
    if (!(value instanceof PdfDict)) return undefined;
    this.edit(holder);
    return value;
  }

  delete(ref: PdfRef): void {
    this.#changed.delete(ref.number);
    this.#deleted.add(ref.number);
  }

  rawBytes(stream: PdfStream): Uint8Array {
    return this.reader.rawBytes(stream);
  }

  /** Throws PDF_DAMAGED. */
  decodedBytes(stream: PdfStream, limit?: number): Uint8Array {
    return decodeStream(
      this.rawBytes(stream),
      filtersOf(stream.dict, (object) => this.resolve(object)),
      limit,
    );
  }

  /** The pages in their order. Throws PDF_DAMAGED for a tree that is broken or runs in a circle. */
  *pages(): Generator<PdfPage> {
    const open: { readonly object: PdfObject | undefined; readonly above: PageNode | undefined }[] = [
      { object: this.root.get('Pages'), above: undefined },
    ];
    const seen = new Set<number>();
    let pages = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { object, above } = next;
      if (!(object instanceof PdfRef) || seen.has(object.number)) throw damaged('its page tree is broken');
      seen.add(object.number);
      const dict = this.resolve(object);
      if (!(dict instanceof PdfDict)) throw damaged('its page tree is broken');
      const node: PageNode = { dict, above, depth: (above?.depth ?? 0) + 1 };
      if (node.depth > MOST_DEPTH) throw damaged('its page tree is nested too deeply');
      const kids = this.arrayAt(dict, 'Kids');
      if (kids === undefined || dict.nameAt('Type') === 'Page') {
        pages += 1;
        if (pages > MOST_PAGES) throw damaged('it has too many pages');
        yield { ref: object, dict, inherited: (key) => this.#inherited(key, node) };
      } else {
        if (open.length + kids.length > MOST_PAGES) throw damaged('it has too many pages');
        for (const kid of kids.toReversed()) open.push({ object: kid, above: node });
      }
    }
  }

  #inherited(key: string, page: PageNode): PdfObject {
    for (let node: PageNode | undefined = page; node !== undefined; node = node.above) {
      if (node.dict.has(key)) return this.resolve(node.dict.get(key));
    }
    return null;
  }
}

interface PageNode {
  readonly dict: PdfDict;
  readonly above: PageNode | undefined;
  readonly depth: number;
}

/** What belongs to one cross-reference section, not to the document (ISO 32000-2 tables 15 and 17). */
const TRAILER_OF_SECTION = new Set([
  'Size',
  'Prev',
  'XRefStm',
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
]);
