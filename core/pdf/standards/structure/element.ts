/** The structure tree in memory (ISO 32000-2 §14.7): elements, what they own, and nothing that is not needed to repair them. */
import type { PdfDict } from '../../revision/objects.ts';
import type { Attributes } from './attributes.ts';

export type Kid = StructureElement | MarkedContent | ObjectReference;

export class StructureElement {
  /** Structure type without its slash. */
  type: string;
  parent: StructureElement | undefined;
  kids: Kid[] = [];
  attributes: Attributes | undefined;
  /** Whatever else the element has: Alt, ActualText, Lang, ID, T … */
  entries: PdfDict | undefined;
  /** Object number, of the old file until the tree is written. */
  number: number;

  constructor(type: string, parent: StructureElement | undefined, number = 0) {
    this.type = type;
    this.parent = parent;
    this.number = number;
  }

  /** Takes out places that were kept for kids that did not come. */
  dropHoles(): void {
    if (this.kids.includes(HOLE)) this.kids = this.kids.filter((kid) => kid !== HOLE);
  }

  /** Its elements. */
  get elements(): StructureElement[] {
    return this.kids.filter((kid) => kid instanceof StructureElement);
  }

  /** Takes over kids, which must have left their parent. */
  adopt(kids: readonly Kid[]): void {
    for (const kid of kids) kid.parent = this;
    this.kids = [...kids];
  }

  /** Puts the kids of those of its elements that give way in their places. Whether any did. */
  spread(givesWay: (kid: StructureElement) => boolean): boolean {
    const [only] = this.kids;
    if (this.kids.length === 1 && only !== undefined) {
      // The usual cell. Its kid's array is its own now.
      if (!(only instanceof StructureElement) || !givesWay(only)) return false;
      for (const inner of only.kids) inner.parent = this;
      this.kids = only.kids;
      return true;
    }
    const kids: Kid[] = [];
    let isChanged = false;
    for (const kid of this.kids) {
      if (kid instanceof StructureElement && givesWay(kid)) {
        isChanged = true;
        for (const inner of kid.kids) {
          inner.parent = this;
          kids.push(inner);
        }
      } else kids.push(kid);
    }
    if (isChanged) this.kids = kids;
    return isChanged;
  }

  /** Wraps each run of neighbours in a new element of this type; `isNeeded` tells for which runs. */
  wrapRuns(type: string, belongs: (kid: Kid) => boolean, isNeeded: (run: readonly Kid[]) => boolean): void {
    const kids: Kid[] = [];
    let run: Kid[] = [];
    const finish = (): void => {
      if (run.length > 0 && isNeeded(run)) {
        const wrapper = new StructureElement(type, this);
        wrapper.adopt(run);
        kids.push(wrapper);
      } else kids.push(...run);
      run = [];
    };
    for (const kid of this.kids) {
      if (belongs(kid)) run.push(kid);
      else {
        finish();
        kids.push(kid);
      }
    }
    finish();
    this.kids = kids;
  }

  /** Itself and everything below, parents first. The tree may change below the element that was given last. */
  *walk(): Generator<StructureElement> {
    const open: StructureElement[] = [this];
    for (let element = open.pop(); element !== undefined; element = open.pop()) {
      yield element;
      const { kids } = element;
      for (let index = kids.length - 1; index >= 0; index -= 1) {
        const kid = kids[index];
        if (kid instanceof StructureElement) open.push(kid);
      }
    }
  }

  /** The marked content below, in reading order. */
  *contents(): Generator<MarkedContent> {
    for (const kid of this.kids) {
      if (kid instanceof MarkedContent) yield kid;
      else if (kid instanceof StructureElement) yield* kid.contents();
    }
  }
}

/** Marked content of a page, or of a form XObject that the page shows. */
export class MarkedContent {
  readonly mcid: number;
  /** Object number of the page. */
  readonly page: number;
  /** Object number of the form XObject; 0 for the content of the page itself. */
  readonly stream: number;
  parent: StructureElement;
  /** The content stream marks it no more. */
  isReleased = false;

  constructor(parent: StructureElement, mcid: number, page: number, stream = 0) {
    this.parent = parent;
    this.mcid = mcid;
    this.page = page;
    this.stream = stream;
  }

  /** What holds its content stream: the form XObject or the page. */
  get holder(): number {
    return this.stream === 0 ? this.page : this.stream;
  }
}

/** An annotation (or another whole object) as content. */
export class ObjectReference {
  readonly object: number;
  readonly page: number;
  parent: StructureElement;

  constructor(parent: StructureElement, object: number, page: number) {
    this.parent = parent;
    this.object = object;
    this.page = page;
  }
}

/** Among kids: a place that is still to be filled. */
export const HOLE: Kid = new ObjectReference(new StructureElement('', undefined), 0, 0);

/** Elements deeper than this are an attack or a mistake; walks that call themselves rely on it. */
export const MOST_DEPTH = 1_000;
