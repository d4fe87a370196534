/** Languages of elements are tags of BCP 47 in the form that the checks know (ISO 14289-1 §7.2, ISO 19005-2 §6.7.4). */
import { PdfString } from '../../revision/objects.ts';
import { textOf, textString } from '../../revision/text-string.ts';
import type { StructureElement } from './element.ts';

/** PDF/A-1 knows RFC 1766, which has no digits (ISO 19005-1 §6.8.4). */
const isLanguageTag = (text: string, isPdf14: boolean): boolean =>
  (isPdf14 ? /^[a-zA-Z]{1,8}(-[a-zA-Z]{1,8})*$/ : /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/).test(text);

/** Writes `de_AT` as `de-AT`. Gives the language when it is no tag all the same. */
export function settleLanguage({ entries }: StructureElement, isPdf14: boolean): string | undefined {
  const value = entries?.get('Lang');
  if (entries === undefined || !(value instanceof PdfString)) return undefined;
  const text = textOf(value);
  const tag = text.trim().replaceAll('_', '-');
  if (tag !== text) entries.set('Lang', textString(tag));
  return tag === '' || isLanguageTag(tag, isPdf14) ? undefined : text;
}
