/** What else the catalog must not or must have: optional content, presentations, permissions (ISO 19005-2 §6.9–6.11). */
import { PdfRef, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { rule, type Rule } from '../rule.ts';

const noOptionalContent = rule({ a1: '6.1.13-1' }, ({ facts, report }) => {
  if (facts.catalog.has('OCProperties'))
    report('The file has optional content.', { object: facts.catalogObject });
});

interface Configuration {
  readonly dict: PdfDict;
  readonly name: string | undefined;
  readonly isDuplicate: boolean;
  readonly isDefault: boolean;
}

function configurations(facts: Facts): readonly Configuration[] {
  return facts.once('configurations', () => {
    const { file } = facts;
    const properties = file.dict(facts.catalog.get('OCProperties'));
    const first = file.dict(properties?.get('D'));
    const others = (file.array(properties?.get('Configs')) ?? []).flatMap((item) => file.dict(item) ?? []);
    const names = new Set<string>();
    return [...(first === undefined ? [] : [first]), ...others].map((dict, index) => {
      const name = file.text(dict.get('Name'));
      const isDuplicate = name !== undefined && names.has(name);
      if (name !== undefined) names.add(name);
      return { dict, name, isDuplicate, isDefault: index === 0 && first !== undefined };
    });
  });
}

const configurationNames = rule(
  { a23: '6.9-1', a4: '6.10-1', ua1: '7.10-1', ua2: '8.7-1' },
  ({ facts, level, report }) => {
    const all = configurations(facts);
    if (level.ua === 2 && all.every(({ isDefault }) => isDefault)) return;
    for (const { name } of all) {
      const isNamed = level.part === 4 ? name !== undefined : name !== undefined && name !== '';
      if (!isNamed) report('A configuration of optional content has no name.');
    }
  },
);

const uniqueNames = rule({ a23: '6.9-2', a4: '6.10-2' }, ({ facts, report }) => {
  for (const { name, isDuplicate } of configurations(facts)) {
    if (isDuplicate)
      report(`Two configurations of optional content are named "${(name ?? '').slice(0, 40)}".`);
  }
});

const ordered = rule({ a23: '6.9-3', a4: '6.10-3' }, ({ facts, report }) => {
  const { file } = facts;
  const properties = file.dict(facts.catalog.get('OCProperties'));
  const groups = (file.array(properties?.get('OCGs')) ?? []).flatMap((item) =>
    item instanceof PdfRef ? item.number : [],
  );
  for (const { dict } of configurations(facts)) {
    const order = file.array(dict.get('Order'));
    if (order === undefined) continue;
    const listed = new Set<number>();
    collect(facts, order, listed, 0);
    if (groups.some((group) => !listed.has(group))) report('/Order of optional content lacks a group.');
  }
});

function collect(facts: Facts, items: readonly PdfObject[], into: Set<number>, depth: number): void {
  for (const item of items) {
    facts.budget.step();
    if (item instanceof PdfRef) into.add(item.number);
    const inner = facts.file.array(item);
    if (inner !== undefined && depth < 64) collect(facts, inner, into, depth + 1);
  }
}

const noAutomaticStates = rule({ a23: '6.9-4', ua1: '7.10-2', ua2: '8.7-2' }, ({ facts, report }) => {
  for (const { dict } of configurations(facts)) {
    if (facts.file.resolve(dict.get('AS')) !== null) report('A configuration of optional content has /AS.');
  }
});

const noPresentations = rule({ a23: '6.10-1', a4: '6.11-1' }, ({ facts, report }) => {
  const names = facts.file.dictOrStream(facts.catalog.get('Names'));
  if (facts.file.resolve(names?.get('AlternatePresentations')) !== null) report('The file has slide shows.');
});

const noPresentationSteps = rule({ a23: '6.10-2', a4: '6.11-2' }, ({ facts, report }) => {
  for (const { dict, number, object } of facts.pages) {
    if (facts.file.resolve(dict.get('PresSteps')) !== null)
      report('A page has presentation steps.', { page: number, object });
  }
});

const noRequirements = rule({ a23: '6.11-1', a4: '6.12-1' }, ({ facts, report }) => {
  const { file } = facts;
  const value = file.resolve(facts.catalog.get('Requirements'));
  const single = file.dict(value);
  const list = file.array(value);
  if (list !== undefined || file.name(single?.get('S')) !== undefined) {
    report('The catalog has /Requirements.', { object: facts.catalogObject });
  }
});

const permissions = rule({ a23: '6.1.12-1', a4: '6.1.11-1' }, ({ facts, report }) => {
  const perms = facts.file.dictOrStream(facts.catalog.get('Perms'));
  const wrong = [...(perms?.keys() ?? [])].find((key) => key !== 'UR3' && key !== 'DocMDP');
  if (wrong !== undefined) report(`The permissions have the key "${wrong.slice(0, 40)}".`);
});

export const CATALOG: readonly Rule[] = [
  noOptionalContent,
  configurationNames,
  uniqueNames,
  ordered,
  noAutomaticStates,
  noPresentations,
  noPresentationSteps,
  noRequirements,
  permissions,
];
