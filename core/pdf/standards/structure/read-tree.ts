/** The structure tree of a file as elements, and which of them owns which marked content. */
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';
import { damaged } from '../../revision/pdf-error.ts';
import { MarkedContent, MOST_DEPTH, ObjectReference, StructureElement, HOLE, type Kid } from './element.ts';
import { ElementReader, type RawElement } from './element-reader.ts';

export interface StructureTree {
  readonly rootRef: PdfRef;
  /** Stands for the structure tree root; its kids are the top elements. */
  readonly root: StructureElement;
  /** Elements by the object numbers of the file that was read. */
  readonly byNumber: readonly (StructureElement | undefined)[];
  /** Object numbers that elements of the file have, in no order. */
  readonly numbers: readonly number[];
  /** By the object number of the page or form XObject, then by MCID. */
  readonly contents: ReadonlyMap<number, readonly (MarkedContent | undefined)[]>;
}

/** Throws PDF_DAMAGED; gives undefined for a file without structure. */
export function readTree(document: PdfDocument): StructureTree | undefined {
  const rootRef = document.root.get('StructTreeRoot');
  const dict = document.resolve(rootRef);
  if (!(rootRef instanceof PdfRef) || !(dict instanceof PdfDict)) return undefined;
  const walk = new TreeReader(document);
  const root = new StructureElement('StructTreeRoot', undefined);
  const k = document.resolve(dict.get('K'));
  walk.read(root, Array.isArray(k) ? k : [dict.get('K') ?? null]);
  for (const element of root.walk()) element.dropHoles();
  return { rootRef, root, byNumber: walk.byNumber, numbers: walk.numbers, contents: walk.contents };
}

/** A page has some thousands; the parent tree has an entry for each up to the highest. */
const MOST_MCID = 1_000_000;

const isMere = ({ type, kids, attributes, entries }: RawElement): boolean =>
  type === 'NonStruct' && kids.length === 1 && attributes === undefined && entries === undefined;

class TreeReader {
  readonly byNumber: (StructureElement | undefined)[] = [];
  readonly contents = new Map<number, (MarkedContent | undefined)[]>();
  /** Of all elements. */
  readonly numbers: number[] = [];
  readonly #reader: ElementReader;
  readonly #seen: Uint8Array;
  /** Elements that are still to be read: who holds them, and where among its kids. */
  readonly #numbers: number[] = [];
  readonly #parents: StructureElement[] = [];
  readonly #slots: number[] = [];
  readonly #depths: number[] = [];
  #holder = 0;
  #ofHolder: (MarkedContent | undefined)[] = [];

  constructor(document: PdfDocument) {
    this.#seen = new Uint8Array(document.size);
    this.#reader = new ElementReader(document);
  }

  read(root: StructureElement, kids: readonly PdfObject[]): void {
    this.#enter(root, kids, { page: 0, depth: 0 });
    for (let number = this.#numbers.pop(); number !== undefined; number = this.#numbers.pop()) {
      const parent = this.#parents.pop() ?? root;
      const slot = this.#slots.pop() ?? 0;
      const depth = this.#depths.pop() ?? 0;
      const raw = this.#reader.read(number);
      if (raw === undefined) continue;
      this.numbers.push(number);
      // Chromium makes an element of every piece of text; what nothing is said about is its parent's.
      const [only] = raw.kids;
      if (isMere(raw) && only !== undefined && !(only instanceof PdfRef)) {
        parent.kids[slot] = this.#content(parent, only, raw.page) ?? HOLE;
        continue;
      }
      const element = new StructureElement(raw.type, parent, number);
      parent.kids[slot] = element;
      this.byNumber[number] = element;
      element.attributes = raw.attributes;
      element.entries = raw.entries;
      this.#enter(element, raw.kids, { page: raw.page, depth });
    }
  }

  /** Takes content at once, and leaves places for elements. */
  #enter(
    element: StructureElement,
    objects: readonly PdfObject[],
    { page, depth }: { readonly page: number; readonly depth: number },
  ): void {
    if (depth > MOST_DEPTH) throw damaged('its structure is nested too deeply');
    element.kids = objects.map((object, slot) => {
      if (!(object instanceof PdfRef)) return this.#content(element, object, page) ?? HOLE;
      const { number } = object;
      // An element that two others name belongs to the first.
      if (number >= this.#seen.length || this.#seen[number] === 1) return HOLE;
      this.#seen[number] = 1;
      this.#numbers.push(number);
      this.#parents.push(element);
      this.#slots.push(slot);
      this.#depths.push(depth + 1);
      return HOLE;
    });
  }

  #content(owner: StructureElement, object: PdfObject, page: number): Kid | undefined {
    if (typeof object === 'number') return this.#own(new MarkedContent(owner, object, page));
    if (!(object instanceof PdfDict)) return undefined;
    const where = object.get('Pg');
    const itsPage = where instanceof PdfRef ? where.number : page;
    const mcid = numberOf(object.get('MCID'));
    const stream = object.get('Stm');
    const target = object.get('Obj');
    if (mcid !== undefined) {
      return this.#own(new MarkedContent(owner, mcid, itsPage, stream instanceof PdfRef ? stream.number : 0));
    }
    return target instanceof PdfRef ? new ObjectReference(owner, target.number, itsPage) : undefined;
  }

  #own(content: MarkedContent): MarkedContent | undefined {
    if (content.mcid < 0 || content.mcid > MOST_MCID) return undefined;
    if (content.holder !== this.#holder) {
      this.#holder = content.holder;
      this.#ofHolder = this.contents.get(this.#holder) ?? [];
      this.contents.set(this.#holder, this.#ofHolder);
    }
    this.#ofHolder[content.mcid] = content;
    return content;
  }
}
