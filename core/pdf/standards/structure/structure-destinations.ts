/**
 * Outline and links lead to elements, not only to places (ISO 14289-2 §8.8): a GoTo action gets a structure destination beside
 * the place that older readers go to (ISO 32000-2 §12.3.2.3, §12.6.4.2).
 */
import type { PdfDocument } from '../../revision/document.ts';
import {
  name,
  numberOf,
  PdfDict,
  PdfName,
  PdfRef,
  PdfString,
  type PdfObject,
} from '../../revision/objects.ts';
import type { AccessibleNames } from './accessible-name.ts';
import type { MarkedContent, StructureElement } from './element.ts';
import { isPhrase } from './kinds.ts';
import type { StructureTree } from './read-tree.ts';

/** An outline longer than this is broken. */
const MOST_ITEMS = 1_000_000;

/** Enough to agree; all pairs of a long document would take long. */
const MOST_COMPARED = 1_000;

/** Points. A target's first line stands at or below the place that its destination names. */
const TOLERANCE = 2;

/** The items of the outline by their numbers, with the elements that they name as far as these are still there. */
export function outlineElements(
  document: PdfDocument,
  tree: StructureTree,
): Map<number, StructureElement | undefined> {
  const items = new Map<number, StructureElement | undefined>();
  const open: PdfObject[] = [document.dictAt(document.root, 'Outlines')?.get('First') ?? null];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const item = document.resolve(ref);
    if (!(ref instanceof PdfRef) || !(item instanceof PdfDict) || items.has(ref.number)) continue;
    if (items.size >= MOST_ITEMS) break;
    const element = item.get('SE');
    const known = element instanceof PdfRef ? tree.byNumber[element.number] : undefined;
    items.set(ref.number, known !== undefined && isInTree(known, tree) ? known : undefined);
    open.push(item.get('Next') ?? null, item.get('First') ?? null);
  }
  return items;
}

/** Repairs may have dissolved an element. */
function isInTree(element: StructureElement, { root }: StructureTree): boolean {
  for (let at = element; at.parent !== undefined; at = at.parent) {
    if (!at.parent.kids.includes(at)) return false;
    if (at.parent === root) return true;
  }
  return false;
}

/** Lets the outline name its elements by their new numbers. */
export function relinkOutline(
  document: PdfDocument,
  items: ReadonlyMap<number, StructureElement | undefined>,
): void {
  for (const [number, element] of items) {
    const item = document.get(number);
    if (!(item instanceof PdfDict) || !item.has('SE')) continue;
    const changed = document.editDict(new PdfRef(number));
    if (element === undefined) changed.delete('SE');
    else changed.set('SE', new PdfRef(element.number));
  }
}

/** Where an explicit destination leads; without a height when it shows the whole page. */
function spotOf(place: PdfObject[] | undefined): { page: number; y: number | undefined } | undefined {
  const [page, view, , top] = place ?? [];
  if (!(page instanceof PdfRef)) return undefined;
  const isPoint = view instanceof PdfName && view.name === 'XYZ';
  return { page: page.number, y: isPoint ? numberOf(top) : undefined };
}

/** The distance that most agree on, give or take a line's leading; 0 when no two do. */
function agreed(distances: readonly number[]): number {
  let best: readonly number[] = [];
  for (const distance of distances) {
    const near = distances.filter((other) => Math.abs(other - distance) <= TOLERANCE);
    if (near.length > best.length) best = near;
  }
  if (best.length < 2 && distances.length !== 1) return 0;
  return best.reduce((sum, distance) => sum + distance, 0) / best.length;
}

export class StructureDestinations {
  readonly #document: PdfDocument;
  readonly #tree: StructureTree;
  readonly #names: AccessibleNames;
  readonly #top: StructureElement;
  #tooHigh: number | undefined;
  /** By page and place. */
  readonly #found = new Map<string, StructureElement>();

  constructor(document: PdfDocument, tree: StructureTree, names: AccessibleNames, top: StructureElement) {
    this.#document = document;
    this.#tree = tree;
    this.#names = names;
    this.#top = top;
  }

  /** Items of the outline by their numbers. Ask before elements get their new numbers. */
  outlineTargets(): Map<number, StructureElement> {
    const targets = new Map<number, StructureElement>();
    for (const [number, element] of outlineElements(this.#document, this.#tree)) {
      targets.set(number, element ?? this.#at(this.#placeOf(this.#document.get(number) as PdfDict)));
    }
    return targets;
  }

  /** Link annotations with a destination in this document, by their numbers. */
  linkTargets(annotations: Iterable<number>): Map<number, StructureElement> {
    const targets = new Map<number, StructureElement>();
    for (const number of annotations) {
      const annotation = this.#document.get(number);
      if (!(annotation instanceof PdfDict)) continue;
      const place = this.#placeOf(annotation);
      if (place !== undefined) targets.set(number, this.#at(place));
    }
    return targets;
  }

  /** Writes the actions; elements have their new numbers. Named destinations go: each is an ordinary one. */
  write(targets: ReadonlyMap<number, StructureElement>): void {
    for (const [number, element] of targets) {
      const holder = this.#document.editDict(new PdfRef(number));
      const place = this.#array(this.#placeOf(holder));
      const [, ...view] = place ?? [null, name('Fit')];
      const action = PdfDict.of({
        S: name('GoTo'),
        D: place,
        SD: [new PdfRef(element.number), ...view],
      });
      holder.delete('Dest');
      holder.delete('A');
      if (place !== undefined) holder.set('A', action);
    }
    const root = this.#document.editDict(this.#document.rootRef);
    root.delete('Dests');
    this.#document.editDictAt(this.#document.rootRef, 'Names')?.delete('Dests');
  }

  #placeOf(holder: PdfDict): PdfObject | undefined {
    const action = this.#document.dictAt(holder, 'A');
    if (action !== undefined) return action.nameAt('S') === 'GoTo' ? action.get('D') : undefined;
    return holder.get('Dest');
  }

  /** The explicit destination behind a name. */
  #array(place: PdfObject | undefined): PdfObject[] | undefined {
    let value = this.#document.resolve(place);
    if (value instanceof PdfName) {
      value = this.#document.resolve(this.#document.dictAt(this.#document.root, 'Dests')?.get(value.name));
    } else if (value instanceof PdfString) value = this.#named(value);
    if (value instanceof PdfDict) value = this.#document.resolve(value.get('D'));
    return Array.isArray(value) ? value : undefined;
  }

  #named({ bytes }: PdfString): PdfObject {
    const open = [this.#document.dictAt(this.#document.dictAt(this.#document.root, 'Names'), 'Dests')];
    for (
      let node = open.pop(), seen = 0;
      node !== undefined && seen < MOST_ITEMS;
      node = open.pop(), seen += 1
    ) {
      const names = this.#document.arrayAt(node, 'Names') ?? [];
      for (let at = 0; at + 1 < names.length; at += 2) {
        const key = names[at];
        if (key instanceof PdfString && Buffer.compare(key.bytes, bytes) === 0)
          return this.#document.resolve(names[at + 1]);
      }
      for (const kid of this.#document.arrayAt(node, 'Kids') ?? []) {
        const dict = this.#document.resolve(kid);
        if (dict instanceof PdfDict) open.push(dict);
      }
    }
    return null;
  }

  /** The element at a destination; the whole document when nothing is there. */
  #at(place: PdfObject | undefined): StructureElement {
    const spot = spotOf(this.#array(place));
    if (spot === undefined) return this.#top;
    const isNamed = !Array.isArray(this.#document.resolve(place));
    const y = spot.y === undefined || !isNamed ? spot.y : spot.y - this.#misplacement();
    const key = `${spot.page} ${y ?? ''}`;
    const known = this.#found.get(key) ?? this.#nearest(spot.page, y);
    this.#found.set(key, known);
    return known;
  }

  /**
   * Points by which named destinations stand too high. Chromium leaves the margins of the page out of them, but not out of the
   * outline's: the distance that most pairs of one page agree on is that of the same heading named both ways.
   */
  #misplacement(): number {
    if (this.#tooHigh !== undefined) return this.#tooHigh;
    const outline = [...outlineElements(this.#document, this.#tree).keys()].map((number) => {
      const item = this.#document.get(number);
      return item instanceof PdfDict ? spotOf(this.#array(this.#placeOf(item))) : undefined;
    });
    const distances: number[] = [];
    const names = [...(this.#document.dictAt(this.#document.root, 'Dests')?.values() ?? [])];
    for (const place of names.slice(0, MOST_COMPARED)) {
      const named = spotOf(this.#array(place));
      for (const spot of outline.slice(0, MOST_COMPARED)) {
        if (named?.y === undefined || spot?.y === undefined || spot.page !== named.page) continue;
        distances.push(named.y - spot.y);
      }
    }
    this.#tooHigh = agreed(distances.slice(0, MOST_COMPARED));
    return this.#tooHigh;
  }

  /** The element whose first line is the next one below a height of a page. */
  #nearest(page: number, height: number | undefined): StructureElement {
    let nearest: MarkedContent | undefined;
    let least = Infinity;
    for (const content of this.#tree.contents.get(page) ?? []) {
      if (content === undefined || content.isReleased) continue;
      nearest ??= content;
      if (height === undefined) break;
      const place = this.#names.placeOf(content);
      const below = place === undefined ? Infinity : height + TOLERANCE - place.y;
      if (below >= 0 && below < least) [nearest, least] = [content, below];
    }
    let element = nearest?.parent ?? this.#top;
    // The paragraph or heading, not a word of it.
    while (element.parent !== undefined && element.parent !== this.#tree.root && isPhrase(element.parent)) {
      element = element.parent;
    }
    return element;
  }
}
