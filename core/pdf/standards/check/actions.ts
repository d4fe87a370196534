/** Actions that a document can perform, wherever they are (ISO 32000-2 §12.6), and destinations. */
import type { PdfDict } from '../../revision/objects.ts';
import { PdfRef, type PdfObject } from '../../revision/objects.ts';
import { annotationsOf } from './annotations.ts';
import type { Facts } from './facts.ts';
import { formFields } from './form-fields.ts';
import { outlineItems } from './outline.ts';
import type { Place } from './rule.ts';

export interface Action {
  readonly dict: PdfDict;
  readonly place: Place;
}

/** An additional-actions dictionary and what it belongs to. */
export interface AdditionalActions {
  readonly dict: PdfDict;
  readonly owner: 'catalog' | 'page' | 'annotation' | 'widget' | 'field';
  readonly place: Place;
}

/** Triggers by owner (ISO 32000-2 tables 197–200). */
const TRIGGERS: Readonly<Record<AdditionalActions['owner'], readonly string[]>> = {
  catalog: ['WC', 'WS', 'DS', 'WP', 'DP'],
  page: ['O', 'C'],
  annotation: ['E', 'X', 'D', 'U', 'Fo', 'Bl', 'PO', 'PC', 'PV', 'PI'],
  widget: ['E', 'X', 'D', 'U', 'Fo', 'Bl', 'PO', 'PC', 'PV', 'PI'],
  field: ['K', 'F', 'V', 'C'],
};

export function additionalActions(facts: Facts): readonly AdditionalActions[] {
  return facts.once('additional actions', () => {
    const found: AdditionalActions[] = [];
    const add = (holder: PdfDict, owner: AdditionalActions['owner'], place: Place): void => {
      const dict = facts.file.dict(holder.get('AA'));
      if (dict !== undefined) found.push({ dict, owner, place });
    };
    add(facts.catalog, 'catalog', { object: facts.catalogObject });
    for (const page of facts.pages) add(page.dict, 'page', { page: page.number, object: page.object });
    for (const { dict, subtype, place } of annotationsOf(facts)) {
      add(dict, subtype === 'Widget' ? 'widget' : 'annotation', place);
    }
    for (const { dict, place } of formFields(facts)) add(dict, 'field', place);
    return found;
  });
}

export function actionsOf(facts: Facts): readonly Action[] {
  return facts.once('actions', () => {
    const walk = new ActionWalk(facts);
    walk.add(facts.catalog.get('OpenAction'), { object: facts.catalogObject });
    for (const { dict, place } of outlineItems(facts)) walk.add(dict.get('A'), place);
    for (const { dict, place } of annotationsOf(facts)) walk.add(dict.get('A'), place);
    for (const { dict, owner, place } of additionalActions(facts)) {
      for (const trigger of TRIGGERS[owner]) walk.add(dict.get(trigger), place);
    }
    return walk.found;
  });
}

const MOST_CHAIN = 1_000;

class ActionWalk {
  readonly found: Action[] = [];
  readonly #facts: Facts;
  readonly #seen = new Set<number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The action and those that follow it. */
  add(first: PdfObject | undefined, place: Place): void {
    const open: (PdfObject | undefined)[] = [first];
    for (let count = 0; open.length > 0 && count < MOST_CHAIN; count += 1) {
      this.#facts.budget.step();
      const object = open.pop();
      const dict = this.#facts.file.dict(object);
      if (dict === undefined) continue;
      if (object instanceof PdfRef) {
        if (this.#seen.has(object.number)) continue;
        this.#seen.add(object.number);
      }
      this.found.push({
        dict,
        place: object instanceof PdfRef ? { ...place, object: object.number } : place,
      });
      const next = dict.get('Next');
      open.push(...(this.#facts.file.array(next) ?? [next]));
    }
  }
}
