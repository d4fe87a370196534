/**
 * What an expression can be with the sample at hand: inside of `{{#each}}` one value for every item. Undefined: it cannot
 * be known before rendering. Empty: the sample has nothing there.
 */
export type Values = readonly unknown[] | undefined;

/** Lists of the sample beyond this are judged by their first items. */
const MAX_VALUES = 300;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function fieldOf(values: Values, key: string): Values {
  if (values === undefined) return undefined;
  const found: unknown[] = [];
  for (const value of values) {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      found.push((value as Record<string, unknown>)[key]);
    } else if (typeof value === 'string' && key === 'length') found.push(value.length);
  }
  return found;
}

/** The items of lists and the fields of objects, as `{{#each}}` goes over them. */
export function itemsOf(values: Values): Values {
  if (values === undefined) return undefined;
  const items: unknown[] = [];
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    for (const item of Object.values(value)) {
      items.push(item);
      if (items.length >= MAX_VALUES) return items;
    }
  }
  return items;
}

/** The names of fields that any of the values has, in the order of the sample. */
export function fieldNames(values: Values): string[] {
  const names = new Set<string>();
  for (const value of values ?? []) {
    if (isObject(value)) for (const name of Object.keys(value)) names.add(name);
  }
  return [...names];
}

export function unite(lists: readonly Values[]): Values {
  const all: unknown[] = [];
  for (const values of lists) {
    if (values === undefined) return undefined;
    for (const value of values) {
      if (all.length >= MAX_VALUES) return all;
      all.push(value);
    }
  }
  return all;
}

/** As `{{#if}}` sees it. */
export const isTruthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== 0 && Boolean(value);

/** In a word, for completion: `list of 12`, `text`. */
export function describeType(values: Values): string {
  const [value] = values ?? [];
  if (value === undefined) return '';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'yes/no';
  return typeof value;
}

/** A value as one line of JSON that fits into `limit` characters. */
export function shorten(value: unknown, limit: number): string {
  // Without the slice the whole of a list of a hundred thousand rows would be written out for its first characters.
  const text = JSON.stringify(Array.isArray(value) ? value.slice(0, 20) : value, (_, part: unknown) =>
    typeof part === 'string' && part.length > limit ? part.slice(0, limit) : part,
  ) as string | undefined;
  if (text === undefined) return '';
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
