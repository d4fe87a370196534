/** The words of the language itself; their block forms are compiled (language/compile-block.ts), not called. */
import { property } from '../language/scope.ts';
import { describeValue, namedFlag } from './arguments.ts';
import { HelperFault, SafeHtml, type Helper } from './helper.ts';
import { isTruthy } from './logic.ts';

const onlyBlock = (name: string, subject: string) => (): never => {
  throw new HelperFault(`is a block`, `Write {{#${name} ${subject}}}…{{/${name}}}.`);
};

export const BLOCK_HELPERS: readonly Helper[] = [
  {
    name: 'if',
    group: 'blocks',
    signature: 'if value then [else] [includeZero=true]',
    doc: 'Shows its block when the value is not false, 0, empty or missing; inline it gives one of two values.',
    example: {
      template: '{{#if paid}}Paid{{else}}Due{{/if}}, {{if paid "thanks" "please pay"}}',
      data: { paid: true },
      output: 'Paid, thanks',
    },
    args: [2, 3],
    named: ['includeZero'],
    block: 'condition',
    asks: true,
    call: ([value, then, otherwise], call) =>
      isTruthy(value, namedFlag(call, 'includeZero') === true) ? then : otherwise,
  },
  {
    name: 'unless',
    group: 'blocks',
    signature: 'unless value then [else] [includeZero=true]',
    doc: 'The opposite of if.',
    example: { template: '{{#unless paid}}Due{{/unless}}', data: { paid: false }, output: 'Due' },
    args: [2, 3],
    named: ['includeZero'],
    block: 'condition',
    asks: true,
    call: ([value, then, otherwise], call) =>
      isTruthy(value, namedFlag(call, 'includeZero') === true) ? otherwise : then,
  },
  {
    name: 'each',
    group: 'blocks',
    signature: '#each list as |item index|',
    doc: 'Repeats its block for every item of a list or field of an object, with @index, @key, @first and @last; {{else}} when there is none.',
    example: {
      template: '{{#each items}}{{@index}}:{{this}} {{else}}none{{/each}}',
      data: { items: ['a', 'b'] },
      output: '0:a 1:b ',
    },
    args: [1, 1],
    block: 'list',
    call: onlyBlock('each', 'list'),
  },
  {
    name: 'with',
    group: 'blocks',
    signature: '#with value as |name|',
    doc: 'Makes a value the context of its block; {{else}} when it is empty or missing.',
    example: {
      template: '{{#with customer}}{{name}}{{/with}}',
      data: { customer: { name: 'Ada' } },
      output: 'Ada',
    },
    args: [1, 1],
    block: 'condition',
    call: onlyBlock('with', 'value'),
  },
  {
    name: 'lookup',
    group: 'blocks',
    signature: 'lookup value key',
    doc: 'The field or item whose name or position is itself a value.',
    example: { template: '{{lookup prices size}}', data: { prices: { s: 3, m: 4 }, size: 'm' }, output: '4' },
    args: [2, 2],
    call: ([value, key], call) => {
      if (typeof key !== 'string' && typeof key !== 'number') {
        if (key === null || key === undefined) return undefined;
        throw new HelperFault(
          `needs a name or a position, but "${call.written[1] ?? ''}" is ${describeValue(key)}`,
        );
      }
      return property(value, key);
    },
  },
  {
    name: 'raw',
    group: 'blocks',
    signature: '{{{raw}}}}…{{{{/raw}}}',
    doc: 'Prints what is between {{{{raw}}}} and {{{{/raw}}}} as it stands, mustaches too.',
    example: { template: '{{{{raw}}}}{{name}}{{{{/raw}}}}', data: {}, output: '{{name}}' },
    args: [1, 1],
    block: 'text',
    call: ([body]) => new SafeHtml(typeof body === 'string' ? body : ''),
  },
];
