/** The fields of the interactive form (ISO 32000-2 §12.7.4). */
import { PdfRef, type PdfDict, type PdfObject } from '../../revision/objects.ts';
import type { Facts } from './facts.ts';
import type { Place } from './rule.ts';

export interface FormField {
  readonly dict: PdfDict;
  /** Its own /FT or that of the nearest ancestor. */
  readonly type: string | undefined;
  readonly place: Place;
}

const MOST_DEPTH = 64;

export const acroForm = (facts: Facts): PdfDict | undefined =>
  facts.file.dictOrStream(facts.catalog.get('AcroForm'));

export function formFields(facts: Facts): readonly FormField[] {
  return facts.once('fields', () => {
    const { file } = facts;
    const fields: FormField[] = [];
    const seen = new Set<number>();
    // Hostile fields share a list of all of them.
    const lists = new Set<readonly PdfObject[]>();
    const visit = (object: PdfObject, inherited: string | undefined, depth: number): void => {
      facts.budget.step();
      const dict = file.dictOrStream(object);
      if (dict === undefined || depth > MOST_DEPTH || (depth > 0 && !dict.has('T'))) return;
      const number = object instanceof PdfRef ? object.number : undefined;
      if (number !== undefined) {
        if (seen.has(number)) return;
        seen.add(number);
      }
      const type = file.name(dict.get('FT')) ?? inherited;
      fields.push({ dict, type, place: { object: number } });
      const kids = file.array(dict.get('Kids')) ?? [];
      if (lists.has(kids)) return;
      lists.add(kids);
      for (const kid of kids) visit(kid, type, depth + 1);
    };
    for (const field of file.array(acroForm(facts)?.get('Fields')) ?? []) visit(field, undefined, 0);
    return fields;
  });
}
