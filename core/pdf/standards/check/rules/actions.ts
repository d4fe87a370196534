/** Actions and interactive forms (ISO 19005-1 §6.6, §6.9, ISO 19005-2 §6.4–6.5, ISO 19005-4 §6.4, §6.6). */
import { actionsOf, additionalActions } from '../actions.ts';
import { annotationsOf } from '../annotations.ts';
import { acroForm, formFields } from '../form-fields.ts';
import { rule, type Check, type Rule } from '../rule.ts';

const ACTIONS_1 = ['GoTo', 'GoToR', 'Thread', 'URI', 'Named', 'SubmitForm'];

function allowedActions({ level }: Check): readonly string[] {
  if (level.part === 1) return ACTIONS_1;
  if (level.part !== 4) return [...ACTIONS_1, 'GoToE'];
  const later = [...ACTIONS_1, 'GoToE', 'JavaScript', 'RichMediaExecute', 'GoToDp'];
  return level.conformance === 'E' ? [...later, 'SetOCGState', 'GoTo3DView'] : later;
}

const types = rule({ a1: '6.6.1-1', a23: '6.5.1-1', a4: '6.6.1-1' }, (check) => {
  const allowed = allowedActions(check);
  for (const { dict, place } of actionsOf(check.facts)) {
    const type = check.facts.file.name(dict.get('S')) ?? '';
    if (!allowed.includes(type))
      check.report(`An action of the type "${type.slice(0, 40)}" is not allowed.`, place);
  }
});

const NAMED = ['NextPage', 'PrevPage', 'FirstPage', 'LastPage'];

const named = rule({ a1: '6.6.1-2', a23: '6.5.1-2', a4: '6.6.1-2' }, ({ facts, report }) => {
  for (const { dict, place } of actionsOf(facts)) {
    if (facts.file.name(dict.get('S')) !== 'Named') continue;
    const name = facts.file.name(dict.get('N')) ?? '';
    if (!NAMED.includes(name)) report(`The named action "${name.slice(0, 40)}" is not allowed.`, place);
  }
});

const widgetActions = rule({ a1: '6.6.1-3', a23: '6.4.1-1', a4: '6.4.1-1' }, ({ facts, level, report }) => {
  const keys = level.part === 2 || level.part === 3 ? ['A', 'AA'] : ['A'];
  for (const { dict, subtype, place } of annotationsOf(facts)) {
    if (subtype === 'Widget' && keys.some((key) => dict.has(key)))
      report('A form field performs an action.', place);
  }
});

const widgetTriggers = rule({ a1: '6.6.2-1' }, ({ facts, report }) => {
  for (const { dict, subtype, place } of annotationsOf(facts)) {
    if (subtype === 'Widget' && dict.has('AA')) report('A form field has additional actions.', place);
  }
});

const fieldTriggers = rule({ a1: '6.6.2-2', a23: '6.4.1-2' }, ({ facts, report }) => {
  for (const { dict, place } of formFields(facts)) {
    if (dict.has('AA')) report('A form field has additional actions.', place);
  }
});

const catalogTriggers = rule({ a1: '6.6.2-3', a23: '6.5.2-1' }, ({ facts, report }) => {
  if (facts.catalog.has('AA')) report('The catalog has additional actions.', { object: facts.catalogObject });
});

const pageTriggers = rule({ a23: '6.5.2-2' }, ({ facts, report }) => {
  for (const { dict, number, object } of facts.pages) {
    if (dict.has('AA')) report('A page has additional actions.', { page: number, object });
  }
});

const TRIGGERS = ['E', 'X', 'D', 'U', 'Fo', 'Bl'];

const triggers = rule({ a4: '6.6.3-1' }, ({ facts, report }) => {
  for (const { dict, owner, place } of additionalActions(facts)) {
    if (owner === 'widget' || owner === 'field') continue;
    const wrong = [...dict.keys()].find((key) => !TRIGGERS.includes(key));
    if (wrong !== undefined) report(`Additional actions have the trigger "${wrong.slice(0, 40)}".`, place);
  }
});

const needAppearances = rule({ a1: '6.9-1', a23: '6.4.1-3', a4: '6.4.1-2' }, ({ facts, report }) => {
  const value = facts.file.resolve(acroForm(facts)?.get('NeedAppearances'));
  if (value !== null && value !== false) report('The form asks readers to make its appearances.');
});

const widgetAppearance = rule({ a1: '6.9-2' }, ({ facts, report }) => {
  for (const { dict, subtype, place } of annotationsOf(facts)) {
    if (subtype === 'Widget' && facts.file.dict(dict.get('AP')) === undefined) {
      report('A form field has no appearance.', place);
    }
  }
});

const noXfa = rule({ a23: '6.4.2-1', a4: '6.4.2-1', ua2: '8.10.1-3' }, ({ facts, report }) => {
  if (acroForm(facts)?.has('XFA') === true) report('The form has XFA.');
});

const noRendering = rule({ a23: '6.4.2-2', a4: '6.4.2-2' }, ({ facts, report }) => {
  if (facts.catalog.has('NeedsRendering') && facts.file.bool(facts.catalog.get('NeedsRendering')) !== false) {
    report('The catalog has /NeedsRendering.', { object: facts.catalogObject });
  }
});

export const ACTIONS: readonly Rule[] = [
  types,
  named,
  widgetActions,
  widgetTriggers,
  fieldTriggers,
  catalogTriggers,
  pageTriggers,
  triggers,
  needAppearances,
  widgetAppearance,
  noXfa,
  noRendering,
];
