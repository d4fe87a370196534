/** Typed reading of a helper's arguments, with complaints that say what was expected and what came. */
import { isDecimal, type Decimalish } from './decimal.ts';
import { HelperFault, SafeHtml, type HelperCall } from './helper.ts';

const SHOWN_LENGTH = 40;
/** More rows than any document has; a helper keeps a few objects for each. */
const MAX_ITEMS = 1_000_000;
const BYTES_PER_ITEM = 200;
/** A copy in two bytes each, and a second one. */
const BYTES_PER_CHARACTER = 4;

/** A value in a few words, never its whole content. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    const shown = value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value;
    return value === '' ? 'an empty text' : `the text "${shown}"`;
  }
  if (typeof value === 'number')
    return Number.isFinite(value) ? `the number ${value}` : 'not a finite number';
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof SafeHtml) return 'finished markup';
  return 'an object';
}

export function isNothing(value: unknown): value is null | undefined | '' {
  return value === null || value === undefined || value === '';
}

export function wrong(
  call: HelperCall,
  index: number,
  expected: string,
  value: unknown,
  hint?: string,
): HelperFault {
  const written = call.written[index];
  const named = written === undefined || /^["']/.test(written) ? `value ${index + 1}` : `"${written}"`;
  return new HelperFault(`needs ${expected}, but ${named} is ${describeValue(value)}`, hint);
}

/** A number, or a text that is a decimal number. */
export function numberAt(args: readonly unknown[], index: number, call: HelperCall): Decimalish {
  const value = args[index];
  if (isDecimal(value)) return value;
  throw wrong(call, index, 'a number', value);
}

export function integerAt(
  args: readonly unknown[],
  index: number,
  call: HelperCall,
  range: readonly [number, number],
): number {
  const value = args[index];
  const number = isDecimal(value) ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= range[0] && number <= range[1]) return number;
  throw wrong(call, index, `a whole number from ${range[0]} to ${range[1]}`, value);
}

/** Numbers and booleans count as text, as they do when they are printed. */
export function textAt(args: readonly unknown[], index: number, call: HelperCall): string {
  const value = args[index];
  const text = asText(value);
  if (text !== undefined) {
    call.guardHeap(text.length * BYTES_PER_CHARACTER);
    return text;
  }
  throw wrong(call, index, 'a text', value);
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return value instanceof SafeHtml ? value.html : undefined;
}

/** A missing list is an empty one, as for {{#each}}. */
export function listAt(args: readonly unknown[], index: number, call: HelperCall): readonly unknown[] {
  const value = args[index];
  if (Array.isArray(value)) {
    if (value.length > MAX_ITEMS) {
      throw new HelperFault(`takes at most ${MAX_ITEMS} items, not ${value.length}`);
    }
    call.guardHeap(value.length * BYTES_PER_ITEM);
    return value as unknown[];
  }
  if (value === null || value === undefined) return [];
  throw wrong(call, index, 'a list', value);
}

/** One of a few words; the fault names them all. */
export function wordOf<T extends string>(name: string, value: unknown, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new HelperFault(`takes ${name}= one of ${words.join(', ')}, not ${describeValue(value)}`);
}

export function namedText(call: HelperCall, name: string): string | undefined {
  const value = call.named[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new HelperFault(`takes a text as ${name}=, not ${describeValue(value)}`);
}

export function namedInteger(
  call: HelperCall,
  name: string,
  range: readonly [number, number],
): number | undefined {
  const value = call.named[name];
  if (value === undefined || value === null) return undefined;
  const number = isDecimal(value) ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= range[0] && number <= range[1]) return number;
  throw new HelperFault(
    `takes a whole number from ${range[0]} to ${range[1]} as ${name}=, not ${describeValue(value)}`,
  );
}

export function namedFlag(call: HelperCall, name: string): boolean | undefined {
  const value = call.named[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new HelperFault(`takes true or false as ${name}=, not ${describeValue(value)}`);
}
