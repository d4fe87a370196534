/** Natural languages (ISO 19005-1 §6.8.4, ISO 14289-1 §7.2, ISO 14289-2 §8.4.4). */
import { annotationsOf } from '../annotations.ts';
import type { Facts } from '../facts.ts';
import { formFields } from '../form-fields.ts';
import { outlineItems } from '../outline.ts';
import type { PdfDict } from '../../../revision/objects.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';
import { elementChain } from '../structure/element-chain.ts';
import { elementRule, isLevelA } from '../tags.ts';

const LETTERS = /^[a-zA-Z]{1,8}(-[a-zA-Z]{1,8})*$/;
const LETTERS_AND_DIGITS = /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/;

const languageTags = rule(
  { a1: '6.8.4-1', a23: '6.7.4-1', ua1: '7.2-29', ua2: '8.4.4-2' },
  (check) => {
    const { facts } = check;
    judge(check, facts.catalog, { object: facts.catalogObject });
    for (const { dict, place } of facts.elements?.nodes ?? []) judge(check, dict, place);
    for (const { element, place } of annotationsOf(facts)) if (element) judge(check, element, place);
    for (const [tag, place] of facts.content.languages) judgeTag(check, tag, place);
  },
  (level) => isLevelA(level) || level.ua !== undefined,
);

const judge = (check: Check, holder: PdfDict, place: Place): void =>
  judgeTag(check, check.facts.file.text(holder.get('Lang')), place);

function judgeTag({ level, report }: Check, tag: string | undefined, place: Place): void {
  if (tag === undefined || (tag === '' && level.ua === undefined)) return;
  const form = level.part === 1 ? LETTERS : LETTERS_AND_DIGITS;
  if (!form.test(tag)) report(`"${tag.slice(0, 40)}" is no tag of a language.`, place);
}

const hasCatalogLanguage = ({ file, catalog }: Facts): boolean =>
  file.string(catalog.get('Lang')) !== undefined;

const catalogLanguage = rule({ ua2: '8.4.4-1' }, ({ facts, report }) => {
  if (!hasCatalogLanguage(facts))
    report('The catalog does not state the language of the document (/Lang).', {
      object: facts.catalogObject,
    });
});

const outlineLanguage = rule({ ua1: '7.2-2' }, ({ facts, report }) => {
  if (hasCatalogLanguage(facts)) return;
  for (const { place } of outlineItems(facts)) report('The language of the bookmarks is not stated.', place);
});

const elementText = (clauses: Clauses, key: 'ActualText' | 'Alt' | 'E'): Rule =>
  elementRule(clauses, undefined, ({ dict }, { facts }) => {
    if (facts.file.string(dict.get(key)) === undefined || hasCatalogLanguage(facts)) return undefined;
    for (const holder of elementChain(facts.file, dict))
      if (facts.file.string(holder.get('Lang')) !== undefined) return undefined;
    return `The language of an /${key} is not stated.`;
  });

const annotationLanguage = rule({ ua1: '7.2-24' }, ({ facts, report }) => {
  if (hasCatalogLanguage(facts)) return;
  for (const { dict, element, place } of annotationsOf(facts)) {
    const hasOwn = facts.file.string(element?.get('Lang')) !== undefined;
    if (facts.file.string(dict.get('Contents')) !== undefined && !hasOwn)
      report('The language of the text of an annotation is not stated.', place);
  }
});

const fieldLanguage = rule({ ua1: '7.2-25' }, ({ facts, report }) => {
  if (hasCatalogLanguage(facts)) return;
  const { file } = facts;
  for (const { dict, place } of formFields(facts)) {
    const element = file.dict(facts.parentTree.entry(file.integer(dict.get('StructParent'))));
    const hasOwn = file.string(element?.get('Lang')) !== undefined;
    if (file.string(dict.get('TU')) !== undefined && !hasOwn)
      report('The language of the name of a field is not stated.', place);
  }
});

export const LANGUAGES: readonly Rule[] = [
  languageTags,
  catalogLanguage,
  outlineLanguage,
  elementText({ ua1: '7.2-21' }, 'ActualText'),
  elementText({ ua1: '7.2-22' }, 'Alt'),
  elementText({ ua1: '7.2-23' }, 'E'),
  annotationLanguage,
  fieldLanguage,
];
