/** The items of the document outline (ISO 32000-2 §12.3.3). */
import { PdfRef, type PdfDict, type PdfObject } from '../../revision/objects.ts';
import { BudgetExceeded } from './budget.ts';
import type { Facts } from './facts.ts';
import type { Place } from './rule.ts';

export interface OutlineItem {
  readonly dict: PdfDict;
  readonly place: Place;
}

const MOST_ITEMS = 1_000_000;

export function outlineItems(facts: Facts): readonly OutlineItem[] {
  return facts.once('outline', () => {
    const { file } = facts;
    const items: OutlineItem[] = [];
    const seen = new Set<number>();
    const open: (PdfObject | undefined)[] = [file.dictOrStream(facts.catalog.get('Outlines'))?.get('First')];
    while (open.length > 0) {
      facts.budget.step();
      if (items.length >= MOST_ITEMS)
        throw new BudgetExceeded('The file has more bookmarks than can be checked.');
      const object = open.pop();
      const dict = file.dictOrStream(object);
      if (dict === undefined) continue;
      const number = object instanceof PdfRef ? object.number : undefined;
      if (number !== undefined) {
        if (seen.has(number)) continue;
        seen.add(number);
      }
      items.push({ dict, place: { object: number } });
      open.push(dict.get('Next'), dict.get('First'));
    }
    return items;
  });
}
