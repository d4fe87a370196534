import { compareDecimals, isDecimal } from './decimal.ts';
import { describeValue } from './arguments.ts';
import { HelperFault, type Helper, type HelperCall } from './helper.ts';

/** What {{#if}} goes by, as in Handlebars: 0, "", false, null, nothing and an empty list are false. */
export function isTruthy(value: unknown, zeroCounts: boolean): boolean {
  if (value === 0) return zeroCounts;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const isTrue = (value: unknown): boolean => isTruthy(value, false);

function equal(a: unknown, b: unknown): boolean {
  return a === b || ((a === null || a === undefined) && (b === null || b === undefined));
}

/** Below 0, 0 or above 0. Numbers and decimal texts by value, other texts (such as ISO dates) by their characters. */
function order(args: readonly unknown[], call: HelperCall): number {
  const [a, b] = args;
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw new HelperFault(
    `compares two numbers or two texts, but "${call.written[0] ?? ''}" is ${describeValue(a)} and "${call.written[1] ?? ''}" is ${describeValue(b)}`,
  );
}

const comparison = (
  name: string,
  words: string,
  sample: readonly [string, unknown, string],
  test: (args: readonly unknown[], call: HelperCall) => boolean,
): Helper => ({
  name,
  group: 'logic',
  signature: `${name} a b`,
  doc: `True when a ${words} b; also as a block with {{else}}.`,
  example: { template: sample[0], data: sample[1], output: sample[2] },
  args: [2, 2],
  block: 'condition',
  call: test,
});

export const LOGIC_HELPERS: readonly Helper[] = [
  comparison(
    'eq',
    'is the same as',
    ['{{#if (eq state "paid")}}Thanks{{/if}}', { state: 'paid' }, 'Thanks'],
    ([a, b]) => equal(a, b),
  ),
  comparison(
    'ne',
    'is not the same as',
    ['{{#ne state "paid"}}Due{{/ne}}', { state: 'open' }, 'Due'],
    ([a, b]) => !equal(a, b),
  ),
  comparison(
    'lt',
    'is less than',
    ['{{#if (lt stock 5)}}Low{{/if}}', { stock: 3 }, 'Low'],
    (args, call) => order(args, call) < 0,
  ),
  comparison(
    'lte',
    'is at most',
    ['{{#lte stock 5}}Low{{/lte}}', { stock: 5 }, 'Low'],
    (args, call) => order(args, call) <= 0,
  ),
  comparison(
    'gt',
    'is greater than',
    ['{{#gt total 100}}Free delivery{{else}}+ delivery{{/gt}}', { total: '120.50' }, 'Free delivery'],
    (args, call) => order(args, call) > 0,
  ),
  comparison(
    'gte',
    'is at least',
    ['{{#gte age 18}}Adult{{/gte}}', { age: 18 }, 'Adult'],
    (args, call) => order(args, call) >= 0,
  ),
  {
    name: 'and',
    group: 'logic',
    signature: 'and a b …',
    doc: 'The last value when all are true as {{#if}} sees them, else the first that is not.',
    example: {
      template: '{{#if (and paid shipped)}}Done{{/if}}',
      data: { paid: true, shipped: true },
      output: 'Done',
    },
    args: [1, Infinity],
    block: 'condition',
    asks: true,
    call: (args) => {
      const index = args.findIndex((value) => !isTrue(value));
      return args[index < 0 ? args.length - 1 : index];
    },
  },
  {
    name: 'or',
    group: 'logic',
    signature: 'or a b …',
    doc: 'The first value that is true as {{#if}} sees it, else the last.',
    example: { template: '{{or nickname name}}', data: { nickname: '', name: 'Ada' }, output: 'Ada' },
    args: [1, Infinity],
    block: 'condition',
    asks: true,
    call: (args) => {
      const index = args.findIndex(isTrue);
      return args[index < 0 ? args.length - 1 : index];
    },
  },
  {
    name: 'not',
    group: 'logic',
    signature: 'not a',
    doc: 'True when the value is false as {{#if}} sees it.',
    example: { template: '{{#if (not paid)}}Due{{/if}}', data: { paid: false }, output: 'Due' },
    args: [1, 1],
    block: 'condition',
    asks: true,
    call: ([value]) => !isTrue(value),
  },
  {
    name: 'default',
    group: 'logic',
    signature: 'default value fallback …',
    doc: 'The first value that is not missing, null or an empty text.',
    example: { template: '{{default phone "no phone"}}', data: {}, output: 'no phone' },
    args: [2, Infinity],
    asks: true,
    call: (args) =>
      args.find((value) => value !== null && value !== undefined && value !== '') ?? args.at(-1),
  },
];
