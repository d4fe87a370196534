import {
  isNothing,
  namedFlag,
  namedInteger,
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
  multiplyDecimals,
  negate,
  remainderOf,
  roundDecimal,
  type Decimalish,
} from './decimal.ts';
import { HelperFault, type Helper, type HelperCall } from './helper.ts';
import { numberFormat } from './intl-cache.ts';

const MAX_PLACES = 20;

/** Intl takes decimal texts and keeps all their digits (ECMA-402 2023), which its types know as template strings. */
function format(value: Decimalish, locale: string, options: Intl.NumberFormatOptions): string {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  return numberFormat(locale, options).format(trimmed as number);
}

/** Invoices round half away from zero, and that is also Intl's default, `halfExpand`. */
function fractionDigits(places: number | undefined): Intl.NumberFormatOptions {
  return places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places };
}

function places(args: readonly unknown[], index: number, call: HelperCall): number | undefined {
  const positional = args[index];
  if (positional === undefined || positional === null) return namedInteger(call, 'decimals', [0, MAX_PLACES]);
  if (Number.isInteger(positional) && (positional as number) >= 0 && (positional as number) <= MAX_PLACES) {
    return positional as number;
  }
  throw wrong(call, index, `a number of decimals from 0 to ${MAX_PLACES}`, positional);
}

function signOf(call: HelperCall): Intl.NumberFormatOptions {
  const sign = namedText(call, 'sign');
  if (sign === undefined) return {};
  return { signDisplay: wordOf('sign', sign, ['auto', 'always', 'never', 'exceptZero'] as const) };
}

const localeOf = (call: HelperCall): string => namedText(call, 'locale') ?? call.locale;

function calculation(
  name: string,
  doc: string,
  example: Helper['example'],
  compute: (a: Decimalish, b: Decimalish) => Decimalish,
  most = 2,
): Helper {
  return {
    name,
    group: 'numbers',
    signature: most === 2 ? `${name} a b` : `${name} a b …`,
    doc,
    example,
    args: [2, most],
    call: (args, call) => {
      let result = numberAt(args, 0, call);
      for (let index = 1; index < args.length; index++) {
        result = finite(compute(result, numberAt(args, index, call)));
      }
      return result;
    },
  };
}

function finite(value: Decimalish): Decimalish {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new HelperFault('gives a number that is too large');
  return value;
}

function nonZero(b: Decimalish): void {
  if (Number(b) === 0) throw new HelperFault('cannot divide by zero', 'Ask first: {{#if b}}…{{/if}}.');
}

function divide(a: Decimalish, b: Decimalish): Decimalish {
  nonZero(b);
  return divideDecimals(a, b);
}

function remainder(a: Decimalish, b: Decimalish): Decimalish {
  nonZero(b);
  return remainderOf(a, b);
}

const subtract = (a: Decimalish, b: Decimalish): Decimalish => addDecimals(a, negate(b));

function rounding(name: 'round' | 'floor' | 'ceil', doc: string, output: string): Helper {
  return {
    name,
    group: 'numbers',
    signature: `${name} value [decimals]`,
    doc,
    example: { template: `{{${name} 2.345 2}}`, data: {}, output },
    args: [1, 2],
    named: ['decimals'],
    call: (args, call) =>
      roundDecimal(numberAt(args, 0, call), places(args, 1, call) ?? 0, name === 'round' ? 'half' : name),
  };
}

const OPERATORS: Readonly<Record<string, (a: Decimalish, b: Decimalish) => Decimalish>> = {
  '+': addDecimals,
  '-': subtract,
  '*': multiplyDecimals,
  '/': divide,
  '%': remainder,
};

const CURRENCY_CODE = /^[A-Za-z]{3}$/;

export const NUMBER_HELPERS: readonly Helper[] = [
  {
    name: 'number',
    group: 'numbers',
    signature:
      'number value [decimals] [decimals=2] [maxDecimals=3] [grouping=true] [sign="always"] [notation="compact"] [unit="kilogram"] [locale="de"]',
    doc: 'A number as people of the locale write it.',
    example: { template: '{{number 1234567.891 2}}', data: {}, output: '1,234,567.89' },
    args: [1, 2],
    named: ['decimals', 'maxDecimals', 'grouping', 'sign', 'notation', 'unit', 'locale'],
    call: (args, call) => {
      if (isNothing(args[0])) return undefined;
      const notation = namedText(call, 'notation');
      const unit = namedText(call, 'unit');
      const grouping = namedFlag(call, 'grouping');
      const most = namedInteger(call, 'maxDecimals', [0, MAX_PLACES]);
      return format(numberAt(args, 0, call), localeOf(call), {
        ...(most === undefined ? fractionDigits(places(args, 1, call)) : { maximumFractionDigits: most }),
        ...signOf(call),
        ...(notation === undefined
          ? {}
          : {
              notation: wordOf('notation', notation, [
                'standard',
                'compact',
                'scientific',
                'engineering',
              ] as const),
            }),
        ...(unit === undefined ? {} : { style: 'unit', unit }),
        ...(grouping === undefined ? {} : { useGrouping: grouping }),
      });
    },
  },
  {
    name: 'currency',
    group: 'numbers',
    signature:
      'currency amount code [decimals=2] [display="code"] [accounting=true] [sign="always"] [locale="de"]',
    doc: 'An amount of money; the amount may be a text such as "1234.50", of which every digit counts.',
    example: { template: '{{currency total "EUR"}}', data: { total: '1234.5' }, output: '€1,234.50' },
    args: [1, 2],
    named: ['decimals', 'display', 'accounting', 'sign', 'locale', 'code'],
    call: (args, call) => {
      const code = args[1] ?? call.named['code'];
      if (typeof code !== 'string' || !CURRENCY_CODE.test(code)) {
        throw new HelperFault(
          code === undefined || code === null
            ? 'needs the code of a currency'
            : `needs the code of a currency, but gets ${typeof code === 'string' ? `"${code}"` : 'something else'}`,
          'Write for example {{currency total "EUR"}}.',
        );
      }
      if (isNothing(args[0])) return undefined;
      const display = namedText(call, 'display');
      return format(numberAt(args, 0, call), localeOf(call), {
        style: 'currency',
        currency: code.toUpperCase(),
        ...fractionDigits(namedInteger(call, 'decimals', [0, MAX_PLACES])),
        ...signOf(call),
        ...(display === undefined
          ? {}
          : {
              currencyDisplay: wordOf('display', display, [
                'symbol',
                'narrowSymbol',
                'code',
                'name',
              ] as const),
            }),
        ...(namedFlag(call, 'accounting') === true ? { currencySign: 'accounting' } : {}),
      });
    },
  },
  {
    name: 'percent',
    group: 'numbers',
    signature: 'percent share [decimals] [decimals=1] [sign="always"] [locale="de"]',
    doc: 'A share as a percentage: 0.19 is 19 %.',
    example: { template: '{{percent 0.195 1}}', data: {}, output: '19.5%' },
    args: [1, 2],
    named: ['decimals', 'sign', 'locale'],
    call: (args, call) => {
      if (isNothing(args[0])) return undefined;
      const digits = places(args, 1, call);
      return format(numberAt(args, 0, call), localeOf(call), {
        style: 'percent',
        ...(digits === undefined ? { maximumFractionDigits: 2 } : fractionDigits(digits)),
        ...signOf(call),
      });
    },
  },
  calculation(
    'add',
    'Adds exactly: 0.1 + 0.2 is 0.3.',
    { template: '{{add 0.1 0.2}}', data: {}, output: '0.3' },
    addDecimals,
    Infinity,
  ),
  calculation(
    'sub',
    'Subtracts b from a.',
    { template: '{{sub 10 2.5}}', data: {}, output: '7.5' },
    subtract,
  ),
  calculation(
    'mul',
    'Multiplies exactly.',
    { template: '{{mul 3 1.1}}', data: {}, output: '3.3' },
    multiplyDecimals,
    Infinity,
  ),
  calculation(
    'div',
    'Divides a by b; dividing by zero is an error.',
    { template: '{{div 10 4}}', data: {}, output: '2.5' },
    divide,
  ),
  calculation(
    'mod',
    'What is left when a is divided by b.',
    { template: '{{mod 7 3}}', data: {}, output: '1' },
    remainder,
  ),
  {
    name: 'math',
    group: 'numbers',
    signature: 'math a operator b',
    doc: 'Calculates with the operator between the values: + - * / %.',
    example: { template: '{{math price "*" quantity}}', data: { price: '1.10', quantity: 3 }, output: '3.3' },
    args: [3, 3],
    call: (args, call) => {
      const operator = textAt(args, 1, call);
      const compute = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
      if (!compute) throw wrong(call, 1, 'one of "+", "-", "*", "/" and "%"', operator);
      return finite(compute(numberAt(args, 0, call), numberAt(args, 2, call)));
    },
  },
  rounding('round', 'Rounds half away from zero, as invoices do.', '2.35'),
  rounding('floor', 'Rounds down.', '2.34'),
  rounding('ceil', 'Rounds up.', '2.35'),
  {
    name: 'abs',
    group: 'numbers',
    signature: 'abs value',
    doc: 'The value without its sign.',
    example: { template: '{{abs -3}}', data: {}, output: '3' },
    args: [1, 1],
    call: (args, call) => {
      const value = numberAt(args, 0, call);
      return compareDecimals(value, 0) < 0 ? negate(value) : value;
    },
  },
];
