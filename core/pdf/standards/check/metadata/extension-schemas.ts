/** Schemas that a packet declares itself (ISO 19005-1 §6.7.8, ISO 19005-2 §6.6.2.3.3). */
import type { XmpNode } from './xmp-node.ts';
import { NAMESPACE, type SchemaSet } from './xmp-schemas.ts';
import type { ValueTypes } from './xmp-types.ts';

export interface ExtensionSchema {
  readonly properties: ReadonlyMap<string, string>;
  readonly types: ValueTypes;
}

export type ExtensionSchemas = ReadonlyMap<string, ExtensionSchema>;

export const isArray = ({ form }: XmpNode): boolean => form !== 'simple' && form !== 'struct';

export const field = (node: XmpNode, namespace: string, name: string): XmpNode | undefined =>
  node.children.find((child) => child.namespace === namespace && child.name === name);

/** By namespace. Later declarations of one win. */
export function extensionSchemas(
  container: XmpNode | undefined,
  predefined: SchemaSet,
  inherited: ExtensionSchemas = new Map(),
): ExtensionSchemas {
  const schemas = new Map<string, ExtensionSchema>();
  if (container === undefined || !isArray(container)) return schemas;
  for (const schema of container.children) {
    const namespace = field(schema, NAMESPACE.pdfaSchema, 'namespaceURI')?.value;
    const properties = field(schema, NAMESPACE.pdfaSchema, 'property');
    if (namespace === undefined || properties === undefined || !isArray(properties)) continue;
    const types = inherited.get(namespace)?.types ?? predefined.types();
    declareTypes(types, field(schema, NAMESPACE.pdfaSchema, 'valueType'));
    schemas.set(namespace, { types, properties: propertiesOf(properties, types) });
  }
  return schemas;
}

function propertiesOf(list: XmpNode, types: ValueTypes): Map<string, string> {
  const properties = new Map<string, string>();
  for (const property of list.children) {
    const name = field(property, NAMESPACE.pdfaProperty, 'name')?.value;
    const type = field(property, NAMESPACE.pdfaProperty, 'valueType')?.value;
    if (name === undefined || type === undefined || properties.has(name) || !types.isKnown(type)) continue;
    properties.set(name, type);
  }
  return properties;
}

function declareTypes(types: ValueTypes, list: XmpNode | undefined): void {
  if (list === undefined || !isArray(list)) return;
  for (const type of list.children) {
    const name = field(type, NAMESPACE.pdfaType, 'type')?.value;
    const namespace = field(type, NAMESPACE.pdfaType, 'namespaceURI')?.value;
    const fields = field(type, NAMESPACE.pdfaType, 'field');
    if (name === undefined) continue;
    const declared = new Map<string, string>();
    for (const entry of fields !== undefined && isArray(fields) ? fields.children : []) {
      const key = field(entry, NAMESPACE.pdfaField, 'name')?.value;
      const valueType = field(entry, NAMESPACE.pdfaField, 'valueType')?.value;
      if (key !== undefined && valueType !== undefined) declared.set(key, valueType);
    }
    if (declared.size === 0) types.declareSimple(name);
    else if (namespace !== undefined) types.declareStruct(name, { namespace, fields: declared });
  }
}
