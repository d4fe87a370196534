/** The structure tree of a file as elements, and which of them owns which marked content. */
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';
import { damaged } from '../../revision/pdf-error.ts';
import { MarkedContent, MOST_DEPTH, ObjectReference, StructureElement, type Kid } from './element.ts';
import { ElementReader } from './element-reader.ts';

export interface StructureTree {
  readonly rootRef: PdfRef;
  /** Stands for the structure tree root; its kids are the top elements. */
  readonly root: StructureElement;
  /** Elements by the object numbers of the file that was read. */
  readonly byNumber: readonly (StructureElement | undefined)[];
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
  return { rootRef, root, byNumber: walk.byNumber, contents: walk.contents };
}

/** A page has some thousands; the parent tree has an entry for each up to the highest. */
const MOST_MCID = 1_000_000;

class TreeReader {
  readonly byNumber: (StructureElement | undefined)[] = [];
  readonly contents = new Map<number, (MarkedContent | undefined)[]>();
  readonly #document: PdfDocument;
  readonly #reader: ElementReader;
  #holder = 0;
  #ofHolder: (MarkedContent | undefined)[] = [];

  constructor(document: PdfDocument) {
    this.#document = document;
    this.#reader = new ElementReader(document);
  }

  read(root: StructureElement, kids: readonly PdfObject[]): void {
    const open: StructureElement[] = [];
    const depths: number[] = [];
    const enter = (
      element: StructureElement,
      objects: readonly PdfObject[],
      page: number,
      depth: number,
    ): void => {
      if (depth > MOST_DEPTH) throw damaged('its structure is nested too deeply');
      // Mapped, so that the arrays of a hundred thousand elements are no longer than they must be.
      const kids = objects.map((object) => {
        if (!(object instanceof PdfRef)) return this.#content(element, object, page);
        // An element that two others name belongs to the first.
        if (this.byNumber[object.number] !== undefined || object.number >= this.#document.size)
          return undefined;
        const kid = new StructureElement('', element, object.number);
        this.byNumber[object.number] = kid;
        open.push(kid);
        depths.push(depth + 1);
        return kid;
      });
      element.kids = kids.includes(undefined) ? kids.filter((kid) => kid !== undefined) : (kids as Kid[]);
    };
    enter(root, kids, 0, 0);
    for (let element = open.pop(); element !== undefined; element = open.pop()) {
      const depth = depths.pop() ?? 0;
      const raw = this.#reader.read(element.number);
      if (raw === undefined) {
        this.byNumber[element.number] = undefined;
        element.parent?.kids.splice(element.parent.kids.indexOf(element), 1);
        continue;
      }
      element.type = raw.type;
      element.attributes = raw.attributes;
      element.entries = raw.entries;
      enter(element, raw.kids, raw.page, depth);
    }
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
