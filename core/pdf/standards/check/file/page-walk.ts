/** The pages of a file, as far as their tree can be followed. */
import type { PdfDict } from '../../../revision/objects.ts';
import { PdfRef, type PdfObject } from '../../../revision/objects.ts';
import { BudgetExceeded } from '../budget.ts';
import type { CheckedFile } from './checked-file.ts';

export interface CheckedPage {
  /** From 1. */
  readonly number: number;
  readonly object: number | undefined;
  readonly dict: PdfDict;
  readonly resources: PdfDict | undefined;
  /** /Resources is not its own. */
  readonly inheritsResources: boolean;
  /** Of itself or the nearest ancestor that has the key. */
  inherited(key: string): PdfObject;
}

export interface PageTree {
  readonly pages: readonly CheckedPage[];
  /** What is wrong with the tree, in words. */
  readonly problem: string | undefined;
}

const MOST_PAGES = 200_000;
const MOST_DEPTH = 256;

export function pageTree(file: CheckedFile, catalog: PdfDict): PageTree {
  const pages: CheckedPage[] = [];
  const seen = new Set<number>();
  let problem: string | undefined;
  const visit = (object: PdfObject | undefined, above: readonly PdfDict[]): void => {
    file.budget.step();
    const dict = file.dict(object);
    const number = object instanceof PdfRef ? object.number : undefined;
    if (dict === undefined || (number !== undefined && seen.has(number)) || above.length > MOST_DEPTH) {
      problem ??= 'The page tree is broken.';
      return;
    }
    if (number !== undefined) seen.add(number);
    const type = file.name(dict.get('Type'));
    const kids = file.array(dict.get('Kids'));
    if (type === 'Page' || (kids === undefined && type !== 'Pages')) {
      if (pages.length >= MOST_PAGES)
        throw new BudgetExceeded('The file has more pages than can be checked.');
      pages.push(pageOf(file, { dict, number, above, index: pages.length }));
      return;
    }
    for (const kid of kids ?? []) visit(kid, [dict, ...above]);
  };
  visit(catalog.get('Pages'), []);
  return { pages, problem: pages.length === 0 ? 'The file has no pages.' : problem };
}

function pageOf(
  file: CheckedFile,
  page: { dict: PdfDict; number: number | undefined; above: readonly PdfDict[]; index: number },
): CheckedPage {
  const { dict, above } = page;
  const holders = [dict, ...above];
  const inherited = (key: string): PdfObject => {
    for (const holder of holders) if (holder.has(key)) return file.resolve(holder.get(key));
    return null;
  };
  return {
    number: page.index + 1,
    object: page.number,
    dict,
    resources: file.dict(inherited('Resources')),
    inheritsResources: !dict.has('Resources'),
    inherited,
  };
}
