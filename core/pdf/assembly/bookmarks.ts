/** The outline of a merged file: a bookmark for each document, its own outline below (ISO 32000-2 §12.3.3). */
import type { PdfDocument } from '../revision/document.ts';
import { name, PdfDict, PdfRef, type PdfObject } from '../revision/objects.ts';
import { textString } from '../revision/text-string.ts';
import type { ObjectCopier } from './object-copier.ts';
import type { OutputFile } from './output-file.ts';

const MOST_ITEMS = 1_000_000;

export interface BookmarkTarget {
  readonly page: PdfRef;
  /** Points. */
  readonly top: number;
  /** The element of the document, for standards whose outline leads to elements (ISO 14289-2 §8.8). */
  readonly element: PdfRef | undefined;
}

export class Bookmarks {
  readonly root: PdfRef;
  readonly #out: OutputFile;
  #first: PdfRef | undefined;
  #last: { readonly ref: PdfRef; readonly dict: PdfDict } | undefined;
  #count = 0;

  constructor(out: OutputFile) {
    this.#out = out;
    this.root = out.reserve();
  }

  /** The number of the next document's bookmark. */
  reserve(): PdfRef {
    return this.#out.reserve();
  }

  /** Adds the bookmark of a document. `copier` has not met the document's outline yet. */
  add(
    ref: PdfRef,
    title: string,
    target: BookmarkTarget,
    source: { readonly document: PdfDocument; readonly copier: ObjectCopier },
  ): void {
    const dict = PdfDict.of({
      Title: textString(title),
      Parent: this.root,
      Prev: this.#last?.ref,
      ...destination(target),
      ...below(source.document, source.copier, ref),
    });
    if (this.#last !== undefined) this.#out.put(this.#last.ref, this.#last.dict.set('Next', ref));
    this.#first ??= ref;
    this.#last = { ref, dict };
    this.#count += 1;
  }

  finish(): void {
    if (this.#last !== undefined) this.#out.put(this.#last.ref, this.#last.dict);
    const { ref } = this.#last ?? {};
    const root = { Type: name('Outlines'), First: this.#first, Last: ref, Count: this.#count };
    this.#out.put(this.root, PdfDict.of(root));
  }
}

function destination({ page, top, element }: BookmarkTarget): Record<string, PdfObject> {
  const view = [name('XYZ'), null, top, null];
  if (element === undefined) return { Dest: [page, ...view] };
  return { A: PdfDict.of({ S: name('GoTo'), D: [page, ...view], SD: [element, ...view] }) };
}

/** The outline of the document, closed. */
function below(document: PdfDocument, copier: ObjectCopier, parent: PdfRef): Record<string, PdfObject> {
  const root = document.root.get('Outlines');
  const outlines = document.resolve(root);
  if (!(root instanceof PdfRef) || !(outlines instanceof PdfDict)) return {};
  const [first, last] = [outlines.get('First'), outlines.get('Last')];
  if (!(first instanceof PdfRef) || !(last instanceof PdfRef)) return {};
  copier.map(root, parent);
  const open = Math.abs(document.numberAt(outlines, 'Count') ?? 0);
  const count = open > 0 ? open : topItems(document, first);
  return { First: copier.ref(first), Last: copier.ref(last), Count: -count };
}

function topItems(document: PdfDocument, first: PdfRef): number {
  const seen = new Set<number>();
  let item: PdfObject | undefined = first;
  while (item instanceof PdfRef && !seen.has(item.number) && seen.size < MOST_ITEMS) {
    seen.add(item.number);
    const dict = document.resolve(item);
    item = dict instanceof PdfDict ? dict.get('Next') : undefined;
  }
  return seen.size;
}
