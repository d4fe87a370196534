/** Texts of people hold no characters for private use (ISO 14289-2 §8.4.3 and §8.6, ISO 19005-4 §6.2.10.8). */
import type { Facts } from '../facts.ts';
import { outlineItems } from '../outline.ts';
import { PRIVATE_USE } from '../private-use.ts';
import { rule, type Check, type Rule } from '../rule.ts';

const isPrivate = ({ file }: Facts, text: Parameters<Facts['file']['text']>[0]): boolean =>
  PRIVATE_USE.test(file.text(text) ?? '');

function judge({ facts, report }: Check, key: 'ActualText' | 'Alt'): void {
  const message = `An /${key} has characters for private use.`;
  for (const { dict, place } of facts.elements?.nodes ?? [])
    if (isPrivate(facts, dict.get(key))) report(message, place);
  for (const { thing, place } of facts.content.privateTexts) if (thing === key) report(message, place);
}

const actualTexts = rule({ a4: '6.2.10.8-1', ua2: '8.4.3-2' }, (check) => judge(check, 'ActualText'));

const alternates = rule({ ua2: '8.4.3-3' }, (check) => judge(check, 'Alt'));

const titles = rule({ ua2: '8.6-1' }, ({ facts, report }) => {
  for (const { dict, place } of outlineItems(facts))
    if (isPrivate(facts, dict.get('Title'))) report('A bookmark has characters for private use.', place);
});

export const TEXTS: readonly Rule[] = [actualTexts, alternates, titles];
