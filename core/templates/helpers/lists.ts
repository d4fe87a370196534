import {
  describeValue,
  integerAt,
  listAt,
  namedFlag,
  namedText,
  numberAt,
  textAt,
  wordOf,
  wrong,
} from './arguments.ts';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  isDecimal,
  multiplyDecimals,
  type Decimalish,
} from './decimal.ts';
import { HelperFault, type Helper, type HelperCall } from './helper.ts';
import { collator } from './intl-cache.ts';
import { valueAt } from './value-path.ts';
import { didYouMean } from '../nearest-name.ts';

const MAX_RANGE = 100_000;

/** The numbers of a list: its items, or the product of the named fields of each. What is blank is left out. */
function numbersOf(args: readonly unknown[], call: HelperCall): Decimalish[] {
  const list = listAt(args, 0, call);
  const paths = args.slice(1).map((_, index) => textAt(args, index + 1, call));
  const numbers: Decimalish[] = [];
  for (const [index, item] of list.entries()) {
    let product: Decimalish | undefined = paths.length === 0 ? numeric(item, `item ${index + 1}`) : 1;
    for (const path of paths) {
      const factor = numeric(valueAt(item, path), `"${path}" of item ${index + 1}`);
      if (factor === undefined && call.strict) {
        throw new HelperFault(`finds no "${path}" in item ${index + 1}`, nearestField(item, path));
      }
      product = product === undefined || factor === undefined ? undefined : multiplyDecimals(product, factor);
    }
    if (product !== undefined) numbers.push(product);
  }
  const [path] = paths;
  if (
    numbers.length === 0 &&
    list.length > 0 &&
    path !== undefined &&
    list.every((item) => valueAt(item, path) === undefined)
  ) {
    throw new HelperFault(`finds no "${path}" in any item`, nearestField(list[0], path));
  }
  return numbers;
}

function nearestField(item: unknown, path: string): string | undefined {
  return typeof item === 'object' && item !== null ? didYouMean(path, Object.keys(item)) : undefined;
}

function numeric(value: unknown, what: string): Decimalish | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (isDecimal(value)) return value;
  throw new HelperFault(`needs numbers, but ${what} is ${describeValue(value)}`);
}

function aggregate(
  name: string,
  doc: string,
  output: string,
  compute: (numbers: readonly Decimalish[]) => Decimalish | undefined,
): Helper {
  return {
    name,
    group: 'lists',
    signature: `${name} list [path] [path]`,
    doc,
    example: {
      template: `{{${name} items "price"}}`,
      data: { items: [{ price: 1.5 }, { price: '2.25' }, { price: 3 }] },
      output,
    },
    args: [1, 3],
    call: (args, call) => compute(numbersOf(args, call)),
  };
}

const add = (numbers: readonly Decimalish[]): Decimalish => numbers.reduce<Decimalish>(addDecimals, 0);

function extreme(sign: 1 | -1): (numbers: readonly Decimalish[]) => Decimalish | undefined {
  return (numbers) => {
    let best: Decimalish | undefined;
    for (const number of numbers) {
      if (best === undefined || compareDecimals(number, best) * sign > 0) best = number;
    }
    return best;
  };
}

/** Also of single values: `{{max a b}}`. */
function orOfValues(
  helper: Helper,
  compute: (numbers: readonly Decimalish[]) => Decimalish | undefined,
): Helper {
  return {
    ...helper,
    signature: `${helper.name} list [path], or ${helper.name} a b …`,
    args: [1, Infinity],
    call: (args, call) => {
      const isList = Array.isArray(args[0]) || args[0] === null || args[0] === undefined;
      return isList ? helper.call(args, call) : compute(args.map((_, index) => numberAt(args, index, call)));
    },
  };
}

interface Group {
  readonly key: unknown;
  readonly items: unknown[];
}

function groupBy(args: readonly unknown[], call: HelperCall): Group[] {
  const path = textAt(args, 1, call);
  const groups = new Map<unknown, Group>();
  for (const item of listAt(args, 0, call)) {
    const key = valueAt(item, path) ?? null;
    if (typeof key === 'object' && key !== null) {
      throw new HelperFault(`needs texts or numbers to group by, but "${path}" is ${describeValue(key)}`);
    }
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { key, items: [item] });
  }
  return [...groups.values()];
}

/** Numbers by value, texts as the locale orders them with numbers inside by value; blanks last. */
function sortBy(args: readonly unknown[], call: HelperCall): unknown[] {
  const order = wordOf('order', namedText(call, 'order') ?? 'asc', ['asc', 'desc'] as const);
  const keys = args.slice(1).map((_, index) => {
    const written = textAt(args, index + 1, call);
    const isReversed = written.startsWith('-');
    return {
      path: isReversed ? written.slice(1) : written,
      sign: isReversed !== (order === 'desc') ? -1 : 1,
    };
  });
  if (keys.length === 0) keys.push({ path: '', sign: order === 'desc' ? -1 : 1 });
  const { compare } = collator(call.locale, { numeric: true });
  const rows = listAt(args, 0, call).map((item) => ({
    item,
    values: keys.map(({ path }) => valueAt(item, path)),
  }));
  rows.sort((a, b) => {
    for (const [index, { sign }] of keys.entries()) {
      const x = a.values[index] ?? '';
      const y = b.values[index] ?? '';
      if (x === '' || y === '') {
        if (x !== y) return x === '' ? 1 : -1;
        continue;
      }
      const result =
        typeof x === 'number' && typeof y === 'number' ? x - y : compare(sortText(x), sortText(y));
      if (result !== 0) return result * sign;
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}

function sortText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HelperFault(`needs texts or numbers to sort by, but gets ${describeValue(value)}`);
}

function chunk(args: readonly unknown[], call: HelperCall): unknown[][] {
  const size = integerAt(args, 1, call, [1, MAX_RANGE]);
  const list = listAt(args, 0, call);
  const chunks: unknown[][] = [];
  for (let from = 0; from < list.length; from += size) chunks.push(list.slice(from, from + size));
  const last = chunks.at(-1);
  if (last && namedFlag(call, 'fill') === true) while (last.length < size) last.push(null);
  return chunks;
}

function range(args: readonly unknown[], call: HelperCall): number[] {
  const bounds: readonly [number, number] = [-1_000_000_000, 1_000_000_000];
  const first = args.length === 1 ? 1 : integerAt(args, 0, call, bounds);
  const last = integerAt(args, args.length === 1 ? 0 : 1, call, bounds);
  const step =
    args.length === 3 ? integerAt(args, 2, call, bounds) : first <= last || args.length === 1 ? 1 : -1;
  if (step === 0) throw new HelperFault('needs a step other than 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new HelperFault(`makes at most ${MAX_RANGE} numbers, not ${length}`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function count(args: readonly unknown[], call: HelperCall): number {
  const [value] = args;
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object') return Object.keys(value).length;
  throw wrong(call, 0, 'a list', value);
}

export const LIST_HELPERS: readonly Helper[] = [
  aggregate(
    'sum',
    'The sum of a list, or of a field of its items; with two paths, of their product (price × quantity).',
    '6.75',
    add,
  ),
  aggregate(
    'avg',
    'The mean of a list, or of a field of its items; nothing for an empty list.',
    '2.25',
    (numbers) => (numbers.length === 0 ? undefined : divideDecimals(add(numbers), numbers.length)),
  ),
  orOfValues(
    aggregate(
      'min',
      'The smallest of a list, of a field of its items, or of the values.',
      '1.5',
      extreme(-1),
    ),
    extreme(-1),
  ),
  orOfValues(
    aggregate('max', 'The largest of a list, of a field of its items, or of the values.', '3', extreme(1)),
    extreme(1),
  ),
  {
    name: 'count',
    group: 'lists',
    signature: 'count list',
    doc: 'How many items a list or fields an object has.',
    example: { template: '{{count items}}', data: { items: [1, 2, 3] }, output: '3' },
    args: [1, 1],
    call: count,
  },
  {
    name: 'groupBy',
    group: 'lists',
    signature: 'groupBy list path',
    doc: 'Groups of items with the same value, each with `key` and `items`, in the order of their first item.',
    example: {
      template: '{{#each (groupBy items "kind")}}{{key}}: {{join items by="name"}}; {{/each}}',
      data: {
        items: [
          { kind: 'fruit', name: 'fig' },
          { kind: 'nut', name: 'almond' },
          { kind: 'fruit', name: 'pear' },
        ],
      },
      output: 'fruit: fig, pear; nut: almond; ',
    },
    args: [2, 2],
    block: 'list',
    call: groupBy,
  },
  {
    name: 'sortBy',
    group: 'lists',
    signature: 'sortBy list [path …] [order="desc"]',
    doc: 'The list in order, by one or more fields; "-path" turns one round.',
    example: {
      template: '{{#each (sortBy people "-age" "name")}}{{name}} {{/each}}',
      data: {
        people: [
          { name: 'Bo', age: 30 },
          { name: 'Cy', age: 41 },
          { name: 'Al', age: 30 },
        ],
      },
      output: 'Cy Al Bo ',
    },
    args: [1, 6],
    named: ['order'],
    block: 'list',
    call: sortBy,
  },
  {
    name: 'chunk',
    group: 'lists',
    signature: 'chunk list size [fill=true]',
    doc: 'The list in parts of a size, such as the labels of one sheet; fill=true fills the last part up with null.',
    example: {
      template: '{{#each (chunk items 2)}}[{{join this}}]{{/each}}',
      data: { items: [1, 2, 3] },
      output: '[1, 2][3]',
    },
    args: [2, 2],
    named: ['fill'],
    block: 'list',
    call: chunk,
  },
  {
    name: 'range',
    group: 'lists',
    signature: 'range [first] last [step]',
    doc: 'The whole numbers from first (or 1) to last, both included.',
    example: { template: '{{#each (range 3)}}{{this}} {{/each}}', data: {}, output: '1 2 3 ' },
    args: [1, 3],
    block: 'list',
    call: range,
  },
];
