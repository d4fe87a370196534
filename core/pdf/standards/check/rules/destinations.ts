/** Destinations in the file lead to structure elements (ISO 14289-2 §8.8), and links to one target each (§8.2.5.20). */
import { PdfName, PdfRef, PdfString, type PdfObject } from '../../../revision/objects.ts';
import { actionsOf } from '../actions.ts';
import { annotationsOf, type Annotation } from '../annotations.ts';
import { leadsToStructure, targetElement } from '../destinations.ts';
import type { Facts } from '../facts.ts';
import { outlineItems } from '../outline.ts';
import { rule, type Check, type Place, type Rule } from '../rule.ts';

const WRONG = 'A destination leads to a place on a page, not to a structure element.';

const destinations = rule({ ua2: '8.8-1' }, (check) => {
  const { facts } = check;
  const { file, catalog } = facts;
  const open = file.array(catalog.get('OpenAction'));
  if (open !== undefined && !leadsToStructure(facts, [...open]))
    check.report(WRONG, { object: facts.catalogObject });
  for (const { dict, place } of outlineItems(facts))
    if (!dict.has('A')) judge(check, dict.get('Dest'), place);
  for (const { dict, subtype, place } of annotationsOf(facts))
    if (subtype === 'Link' && !dict.has('A')) judge(check, dict.get('Dest'), place);
});

function judge({ facts, report }: Check, destination: PdfObject | undefined, place: Place): void {
  if (facts.file.resolve(destination) !== null && !leadsToStructure(facts, destination)) report(WRONG, place);
}

const actions = rule({ ua2: '8.8-2' }, ({ facts, report }) => {
  const { file } = facts;
  for (const { dict, place } of actionsOf(facts)) {
    if (file.name(dict.get('S')) !== 'GoTo' || dict.has('SD')) continue;
    const target = file.resolve(dict.get('D'));
    const isNamed = target instanceof PdfName || target instanceof PdfString;
    if (!isNamed || !leadsToStructure(facts, target)) report(WRONG, place);
  }
});

/** The element that a link leads to. */
function targetOf(facts: Facts, { dict }: Annotation): number | undefined {
  const action = facts.file.dict(dict.get('A'));
  if (!dict.has('A')) return targetElement(facts, dict.get('Dest'));
  if (facts.file.name(action?.get('S')) !== 'GoTo') return undefined;
  return targetElement(facts, action?.get('SD') ?? action?.get('D'));
}

const oneTarget = rule({ ua2: '8.2.5.20-2' }, ({ facts, report }) => {
  const targets = new Map<number, number>();
  for (const annotation of annotationsOf(facts)) {
    const { subtype, elementRef, place } = annotation;
    if (subtype !== 'Link' || !(elementRef instanceof PdfRef)) continue;
    const target = targetOf(facts, annotation);
    if (target === undefined) continue;
    const known = targets.get(elementRef.number);
    if (known !== undefined && known !== target)
      report('Links to different places are in the same element.', place);
    targets.set(elementRef.number, target);
  }
});

export const DESTINATIONS: readonly Rule[] = [destinations, actions, oneTarget];
