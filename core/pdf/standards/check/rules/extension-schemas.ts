/** The form of extension schemas (ISO 19005-1 §6.7.8, ISO 19005-2 §6.6.2.3.3). */
import { extensionSchemas, field, isArray } from '../metadata/extension-schemas.ts';
import type { XmpFacts } from '../metadata/xmp-facts.ts';
import type { XmpNode } from '../metadata/xmp-node.ts';
import { NAMESPACE, predefinedSchemas } from '../metadata/xmp-schemas.ts';
import { ValueTypes } from '../metadata/xmp-types.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';

type Kind = 'schema' | 'property' | 'type' | 'field';

/** One description of a kind, with the types that are known to its schema. */
interface Description {
  readonly node: XmpNode;
  readonly types: ValueTypes;
  readonly object: number | undefined;
}

const KINDS = {
  schema: { namespace: NAMESPACE.pdfaSchema, prefix: 'pdfaSchema' },
  property: { namespace: NAMESPACE.pdfaProperty, prefix: 'pdfaProperty' },
  type: { namespace: NAMESPACE.pdfaType, prefix: 'pdfaType' },
  field: { namespace: NAMESPACE.pdfaField, prefix: 'pdfaField' },
} as const;

const FIELDS: Readonly<Record<Kind, ReadonlySet<string>>> = {
  schema: new Set(['namespaceURI', 'prefix', 'property', 'schema', 'valueType']),
  property: new Set(['category', 'description', 'name', 'valueType']),
  type: new Set(['namespaceURI', 'prefix', 'field', 'description', 'type']),
  field: new Set(['description', 'name', 'valueType']),
};

const packets = ({ facts, level }: Check): readonly XmpFacts[] =>
  [facts.xmp, ...(level.part === 1 ? [] : facts.otherXmp)].flatMap((packet) => packet ?? []);

function descriptions(check: Check): Readonly<Record<Kind, readonly Description[]>> {
  const edition = check.level.part === 1 ? 2004 : 2005;
  return check.facts.once(`extensions ${edition}`, () => {
    const found: Record<Kind, Description[]> = { schema: [], property: [], type: [], field: [] };
    const predefined = predefinedSchemas(edition);
    const main = extensionSchemas(check.facts.xmp?.extensions, predefined);
    for (const { extensions, object } of packets(check)) {
      if (extensions === undefined || !isArray(extensions)) continue;
      const isMain = extensions === check.facts.xmp?.extensions;
      const declared = extensionSchemas(extensions, predefined, isMain ? undefined : main);
      for (const node of extensions.children) {
        const namespace = field(node, NAMESPACE.pdfaSchema, 'namespaceURI')?.value;
        const types = declared.get(namespace ?? '')?.types ?? new ValueTypes(new Map(), new Map());
        const add = (kind: Kind, item: XmpNode): void => {
          found[kind].push({ node: item, types, object });
        };
        add('schema', node);
        for (const item of itemsOf(node, 'schema', 'property')) add('property', item);
        for (const item of itemsOf(node, 'schema', 'valueType')) {
          add('type', item);
          for (const inner of itemsOf(item, 'type', 'field')) add('field', inner);
        }
      }
    }
    return found;
  });
}

function itemsOf(node: XmpNode, kind: Kind, name: string): readonly XmpNode[] {
  const list = field(node, KINDS[kind].namespace, name);
  return list !== undefined && isArray(list) ? list.children : [];
}

const undefinedFields = rule({ a1: '6.7.8-1', a23: '6.6.2.3.2-1' }, (check) => {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (const { node, object } of descriptions(check)[kind]) {
      const wrong = node.children.find(
        ({ namespace, name }) => namespace !== KINDS[kind].namespace || !FIELDS[kind].has(name),
      );
      if (wrong !== undefined) {
        check.report(`An extension schema has the field ${wrong.prefix}:${wrong.name.slice(0, 40)}.`, {
          object,
        });
      }
    }
  }
});

const container = rule({ a1: '6.7.8-2', a23: '6.6.2.3.3-1' }, (check) => {
  for (const { extensions, object } of packets(check)) {
    if (extensions === undefined) continue;
    if (extensions.form !== 'bag' || extensions.prefix !== 'pdfaExtension') {
      check.report('pdfaExtension:schemas is no Bag, or has another prefix.', { object });
    }
  }
});

/** A field that must be there, or may be missing, of a form and with the prefix of its kind. */
function fieldRule(
  clauses: Clauses,
  kind: Kind,
  name: string,
  options: {
    readonly isSequence?: boolean;
    readonly isOptional?: boolean;
    judge?: (node: XmpNode, types: ValueTypes) => boolean;
  } = {},
): Rule {
  const { namespace, prefix } = KINDS[kind];
  return rule(clauses, (check) => {
    for (const { node, types, object } of descriptions(check)[kind]) {
      const found = field(node, namespace, name);
      if (found === undefined) {
        if (options.isOptional !== true) check.report(`A description has no ${prefix}:${name}.`, { object });
        continue;
      }
      const isOfForm =
        options.isSequence === true ? found.form === 'seq' || found.form === 'alt' : found.form === 'simple';
      const fits = isOfForm && found.prefix === prefix && (options.judge?.(found, types) ?? true);
      if (!fits) check.report(`${prefix}:${name} of a description is not what it must be.`, { object });
    }
  });
}

const isKnownType = ({ value }: XmpNode, types: ValueTypes): boolean => types.isKnown(value);
const LIST = { isSequence: true, isOptional: true } as const;

export const EXTENSION_SCHEMAS: readonly Rule[] = [
  undefinedFields,
  container,
  fieldRule({ a1: '6.7.8-3', a23: '6.6.2.3.3-2' }, 'schema', 'schema'),
  fieldRule({ a1: '6.7.8-4', a23: '6.6.2.3.3-3' }, 'schema', 'namespaceURI'),
  fieldRule({ a1: '6.7.8-5', a23: '6.6.2.3.3-4' }, 'schema', 'prefix'),
  fieldRule({ a1: '6.7.8-6', a23: '6.6.2.3.3-5' }, 'schema', 'property', LIST),
  fieldRule({ a1: '6.7.8-7', a23: '6.6.2.3.3-6' }, 'schema', 'valueType', LIST),
  fieldRule({ a1: '6.7.8-8', a23: '6.6.2.3.3-7' }, 'property', 'name'),
  fieldRule({ a1: '6.7.8-9', a23: '6.6.2.3.3-8' }, 'property', 'valueType', { judge: isKnownType }),
  fieldRule({ a1: '6.7.8-10', a23: '6.6.2.3.3-9' }, 'property', 'category', {
    judge: ({ value }) => value === 'external' || value === 'internal',
  }),
  fieldRule({ a1: '6.7.8-11', a23: '6.6.2.3.3-10' }, 'property', 'description'),
  fieldRule({ a1: '6.7.8-12', a23: '6.6.2.3.3-11' }, 'type', 'type'),
  fieldRule({ a1: '6.7.8-13', a23: '6.6.2.3.3-12' }, 'type', 'namespaceURI'),
  fieldRule({ a1: '6.7.8-14', a23: '6.6.2.3.3-13' }, 'type', 'prefix'),
  fieldRule({ a1: '6.7.8-15', a23: '6.6.2.3.3-14' }, 'type', 'description'),
  fieldRule({ a1: '6.7.8-16', a23: '6.6.2.3.3-15' }, 'type', 'field', LIST),
  fieldRule({ a1: '6.7.8-17', a23: '6.6.2.3.3-16' }, 'field', 'name'),
  fieldRule({ a1: '6.7.8-18', a23: '6.6.2.3.3-17' }, 'field', 'valueType', { judge: isKnownType }),
  fieldRule({ a1: '6.7.8-19', a23: '6.6.2.3.3-18' }, 'field', 'description'),
];
