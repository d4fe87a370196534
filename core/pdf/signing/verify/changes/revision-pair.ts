/** The signed revision of a document beside the document as it is now, and what of the one differs in the other. */
import type { PdfDocument } from '../../../revision/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../../../revision/objects.ts';
import type { XrefEntry } from '../../../revision/xref-section.ts';
import { sameObject } from './same-object.ts';

export interface RevisionPair {
  readonly before: PdfDocument;
  readonly after: PdfDocument;
  /** Numbers of objects that the signed revision has and that are others now. Rules take out what they allow. */
  readonly changed: Set<number>;
  /** Numbers that the signed revision leaves free though it counts them, and that are in use now. */
  readonly filled: ReadonlySet<number>;
}

/** What cannot be judged is taken for the worst. The message is a sentence. */
export class Unjudgeable extends Error {}

const MOST_CHANGED = 500_000;
const MOST_SCANNED = 300_000;

/** Throws Unjudgeable. */
export function pairRevisions(before: PdfDocument, after: PdfDocument): RevisionPair {
  const known = new Set(before.reader.sections.map(({ offset }) => offset));
  const newest = before.reader.sections[0]?.offset;
  if (!after.reader.sections.some(({ offset }) => offset === newest)) {
    throw new Unjudgeable('The file was written anew behind the signed bytes; it no longer builds on them.');
  }
  const numbers = new Set<number>();
  let looked = 0;
  for (const section of after.reader.sections) {
    if (known.has(section.offset)) continue;
    for (const { first, count, entry } of section.ranges) {
      looked += count;
      if (looked > MOST_CHANGED)
        throw new Unjudgeable('Too much was added behind the signed bytes to be judged.');
      for (let index = 0; index < count; index += 1) {
        if (entry(index) !== undefined) numbers.add(first + index);
      }
    }
  }
  const changed = new Set<number>();
  const filled = new Set<number>();
  for (const number of numbers) {
    const [old, now] = [before.reader.entry(number), after.reader.entry(number)];
    if (sameEntry(old, now)) continue;
    if (isFree(old)) {
      if (!isFree(now) && number < before.size) filled.add(number);
    } else if (isFree(now) || !sameObject([before.get(number), before], [after.get(number), after])) {
      changed.add(number);
    }
  }
  return { before, after, changed, filled };
}

const isFree = (entry: XrefEntry | undefined): boolean => entry === undefined || entry.kind === 'free';

function sameEntry(a: XrefEntry | undefined, b: XrefEntry | undefined): boolean {
  if (a?.kind === 'offset' && b?.kind === 'offset') return a.offset === b.offset;
  return a?.kind === 'packed' && b?.kind === 'packed' && a.container === b.container && a.index === b.index;
}

/** Which objects of a revision refer to some of its numbers. Throws Unjudgeable for a document that is too large. */
export function holdersOf(document: PdfDocument, wanted: ReadonlySet<number>): Map<number, Set<number>> {
  const holders = new Map<number, Set<number>>();
  let scanned = 0;
  for (const holder of document.reader.objectNumbers()) {
    scanned += 1;
    if (scanned > MOST_SCANNED)
      throw new Unjudgeable('The document is too large for what was added to be judged.');
    for (const number of referencesIn(document.get(holder))) {
      if (!wanted.has(number)) continue;
      const list = holders.get(number) ?? new Set();
      holders.set(number, list.add(holder));
    }
  }
  document.reader.forget();
  return holders;
}

/** Numbers of the objects that an object names itself. */
export function* referencesIn(object: PdfObject): Generator<number> {
  const open: PdfObject[] = [object];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value instanceof PdfRef) yield value.number;
    else if (Array.isArray(value)) for (const item of value) open.push(item);
    else if (value instanceof PdfDict) for (const item of value.values()) open.push(item);
    else if (value instanceof PdfStream) for (const item of value.dict.values()) open.push(item);
  }
}
