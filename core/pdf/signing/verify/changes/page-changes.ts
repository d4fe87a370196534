/** Pages: the widgets of further signatures may be put on them, and annotations where a certification allows it. */
import type { PdfPage } from '../../../revision/document.ts';
import { PdfDict, PdfRef, type PdfObject } from '../../../revision/objects.ts';
import type { Judgement } from './judgement.ts';
import type { RevisionPair } from './revision-pair.ts';
import { changedKeys } from './same-object.ts';

export interface PageRules {
  /** Numbers of the widgets of signatures that were added. */
  readonly widgets: ReadonlySet<number>;
  /** DocMDP 3. */
  readonly annotationsAllowed: boolean;
}

/** Keys of a page that a widget brings along. */
const WIDGET_KEYS: ReadonlySet<string> = new Set(['Annots', 'Tabs']);

/** Throws PDF_DAMAGED for a page tree that cannot be walked. */
export function judgePages(pair: RevisionPair, rules: PageRules, judgement: Judgement): void {
  const { before, after, changed } = pair;
  if (changed.size === 0) return;
  let number = 0;
  for (const page of before.pages()) {
    number += 1;
    const list = page.dict.get('Annots');
    const isListChanged = list instanceof PdfRef && changed.delete(list.number);
    if (isListChanged) judgement.claim(list.number, page.ref.number);
    if (changed.delete(page.ref.number)) judgePage(pair, page, number, judgement);
    else if (!isListChanged && !rules.annotationsAllowed) continue;
    judgeAnnotations(pair, page, { number, ...rules }, judgement);
  }
  nameContents(pair, judgement);
  const now = after.get(after.rootRef.number);
  if (!(now instanceof PdfDict)) judgement.forbidden.add('The document lost its catalog.');
}

function judgePage(
  { before, after }: RevisionPair,
  page: PdfPage,
  number: number,
  judgement: Judgement,
): void {
  const now = after.get(page.ref.number);
  const keys = now instanceof PdfDict ? changedKeys([page.dict, before], [now, after]) : ['Type'];
  for (const key of keys) {
    if (WIDGET_KEYS.has(key)) continue;
    const what = key === 'Contents' || key === 'Resources' ? 'Its content' : `"${key}"`;
    judgement.forbidden.add(`Page ${number} was changed: ${what} is another.`);
  }
}

function judgeAnnotations(
  { before, after, changed }: RevisionPair,
  page: PdfPage,
  { number, widgets, annotationsAllowed }: PageRules & { readonly number: number },
  judgement: Judgement,
): void {
  const now = after.get(page.ref.number);
  const old = numbersOf(before.arrayAt(page.dict, 'Annots') ?? []);
  const current = now instanceof PdfDict ? (after.arrayAt(now, 'Annots') ?? []) : [];
  const kept = new Set(numbersOf(current));
  const list = annotationsAllowed ? judgement.allowed : judgement.forbidden;
  for (const one of old) {
    if (kept.has(one)) continue;
    const gone = before.get(one);
    const isField = gone instanceof PdfDict && gone.nameAt('Subtype') === 'Widget';
    (isField ? judgement.forbidden : list).add(`Annotations were taken from page ${number}.`);
  }
  const known = new Set(old);
  for (const item of current) {
    const isOld = item instanceof PdfRef && known.has(item.number);
    const isWidget = item instanceof PdfRef && widgets.has(item.number);
    if (!isOld && !isWidget) list.add(`Annotations were added to page ${number}.`);
  }
  if (!annotationsAllowed) return;
  for (const one of old) {
    const annotation = before.get(one);
    if (!(annotation instanceof PdfDict) || annotation.nameAt('Subtype') === 'Widget') continue;
    if (!changed.delete(one)) continue;
    judgement.claim(one, page.ref.number, ...numbersOf([page.dict.get('Annots') ?? null]));
    list.add(`Annotations of page ${number} were changed.`);
  }
}

const numbersOf = (list: readonly PdfObject[]): number[] =>
  list.flatMap((item) => (item instanceof PdfRef ? [item.number] : []));

/** Says which page a changed content stream is of. */
function nameContents({ before, changed }: RevisionPair, judgement: Judgement): void {
  if (changed.size === 0) return;
  let number = 0;
  for (const page of before.pages()) {
    number += 1;
    const contents = page.dict.get('Contents');
    const list = Array.isArray(contents) ? contents : [contents ?? null];
    for (const stream of numbersOf(list)) {
      if (changed.delete(stream))
        judgement.forbidden.add(`Page ${number} was changed: Its content is another.`);
    }
  }
}
