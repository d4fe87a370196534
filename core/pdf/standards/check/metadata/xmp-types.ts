/** Value types of XMP properties (XMP Specification 2004 and 2005, ISO 16684-1 §8) and whether a value is of one. */
import type { XmpNode } from './xmp-node.ts';
import { isIsoDate } from './dates.ts';

/** Fields of a structured type with their types. */
export interface StructType {
  readonly namespace: string;
  readonly fields: ReadonlyMap<string, string>;
}

type Test = (node: XmpNode) => boolean;

const ANY_TEXT: Test = ({ form }) => form === 'simple';
const matching =
  (pattern: RegExp): Test =>
  ({ form, value }) =>
    form === 'simple' && pattern.test(value);

const SIMPLE: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['text', ANY_TEXT],
  ['propername', ANY_TEXT],
  ['agentname', ANY_TEXT],
  ['rational', ANY_TEXT],
  ['renditionclass', ANY_TEXT],
  ['locale', ANY_TEXT],
  ['uri', ANY_TEXT],
  ['url', ANY_TEXT],
  ['xpath', ANY_TEXT],
  ['boolean', matching(/^(?:True|False)$/)],
  ['integer', matching(/^[+-]?\d+$/)],
  ['real', matching(/^(?:[+-]?\d+\.?\d*|[+-]?\d*\.?\d+)$/)],
  ['mimetype', matching(/^[-\w+.]+\/[-\w+.]+$/)],
  ['date', ({ form, value }) => form === 'simple' && isIsoDate(value)],
  ['lang alt', isLanguageAlternative],
]);

/** An alternative whose items have languages; an empty one will do. */
export function isLanguageAlternative({ form, children }: XmpNode): boolean {
  return form === 'alt' && (children.length === 0 || children.some(({ language }) => language !== undefined));
}

const ARRAYS = ['bag', 'alt', 'seq'] as const;

/** Without the words around a choice; an array of nothing is one of texts. */
function simplified(type: string): string {
  const plain = type
    .toLowerCase()
    .replaceAll(/(?:open |closed )?(?:choice |choice$)(?:of )?/g, '')
    .trim();
  if (plain === '') return 'text';
  if (plain.endsWith('lang alt')) return plain;
  return ARRAYS.some((array) => plain.endsWith(array)) ? `${plain} text` : plain;
}

/** The types that are known at a place: those of XMP, and those that an extension schema declares. */
export class ValueTypes {
  readonly #structs: Map<string, StructType>;
  readonly #tests: Map<string, Test>;

  constructor(structs: ReadonlyMap<string, StructType>, tests: ReadonlyMap<string, Test>) {
    this.#structs = new Map(structs);
    this.#tests = new Map([...SIMPLE, ...tests]);
  }

  declareSimple(name: string): void {
    this.#structs.delete(simplified(name));
    this.#tests.set(simplified(name), ANY_TEXT);
  }

  declareStruct(name: string, type: StructType): void {
    this.#tests.delete(simplified(name));
    this.#structs.set(simplified(name), type);
  }

  isKnown(typeName: string): boolean {
    let type = simplified(typeName);
    for (;;) {
      const array = ARRAYS.find((prefix) => type.startsWith(`${prefix} `));
      if (array === undefined) return this.#tests.has(type) || this.#structs.has(type);
      type = type.slice(array.length + 1);
    }
  }

  isOf(node: XmpNode, typeName: string): boolean {
    const type = simplified(typeName);
    if (type === 'any') return true;
    const array = ARRAYS.find((prefix) => type.startsWith(`${prefix} `));
    if (array !== undefined) {
      const itemType = type.slice(array.length + 1);
      return node.form === array && node.children.every((child) => this.isOf(child, itemType));
    }
    const struct = this.#structs.get(type);
    if (struct !== undefined) return this.#isStruct(node, struct);
    return this.#tests.get(type)?.(node) ?? false;
  }

  #isStruct(node: XmpNode, { namespace, fields }: StructType): boolean {
    return (
      node.form === 'struct' &&
      node.children.every((child) => {
        const type = fields.get(child.name);
        return type !== undefined && child.namespace === namespace && this.isOf(child, type);
      })
    );
  }
}

/** Coordinates, which the two editions of the specification write differently. */
export const GPS_2004 = matching(/^\d{2},\d{2}[,.]\d{2}[NSEW]$/);
export const GPS_2005 = matching(/^\d{1,3},\d{1,2}(?:,\d{1,2}|\.\d+)[NSEW]$/);
