import { asText, integerAt, isNothing, listAt, namedText, textAt, wordOf, wrong } from './arguments.ts';
import { isDecimal } from './decimal.ts';
import { HelperFault, type Helper, type HelperCall } from './helper.ts';
import { listFormat, numberFormat, pluralRules } from './intl-cache.ts';
import { valueAt } from './value-path.ts';

const MAX_WIDTH = 10_000;
/** As much as a whole document may have. */
const MAX_LENGTH = 64_000_000;
const MAX_FORM = 10_000;
const MAX_INDENTED_DEPTH = 200;
const JSON_INDENT = 2;
const PLURAL_FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** The text of the first argument changed, or nothing for nothing. */
function change(
  name: string,
  doc: string,
  output: string,
  turn: (text: string, locale: string) => string,
): Helper {
  return {
    name,
    group: 'text',
    signature: `${name} text`,
    doc,
    example: { template: `{{${name} "ada lovelace"}}`, data: {}, output },
    args: [1, 1],
    block: 'text',
    call: (args, call) => (isNothing(args[0]) ? undefined : turn(textAt(args, 0, call), call.locale)),
  };
}

const WORD_START = /(^|[\s\p{Pd}/("“„«])(\p{Ll})/gu;

function plural(args: readonly unknown[], call: HelperCall): string {
  const count = args[0];
  if (!isDecimal(count)) throw wrong(call, 0, 'a number', count);
  const number = Number(count);
  const forms: Partial<Record<(typeof PLURAL_FORMS)[number], string>> = {};
  if (args.length === 3) {
    forms.one = textAt(args, 1, call);
    forms.other = textAt(args, 2, call);
  } else if (args.length === 2) {
    forms.other = textAt(args, 1, call);
  }
  for (const form of PLURAL_FORMS) {
    const text = namedText(call, form);
    if (text !== undefined) forms[form] = text;
  }
  const category = pluralRules(call.locale, {}).select(number);
  const chosen = number === 0 && forms.zero !== undefined ? forms.zero : (forms[category] ?? forms.other);
  if (chosen === undefined) {
    throw new HelperFault(`has no form for ${number}`, 'Give at least other="…".');
  }
  if (chosen.length > MAX_FORM) throw new HelperFault(`takes forms of at most ${MAX_FORM} characters`);
  return chosen.replaceAll('#', numberFormat(call.locale, {}).format(number));
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') deepest = Math.max(deepest, ++depth);
    else if (bracket === ']' || bracket === '}') depth--;
  }
  return deepest;
}

/** Safe inside of a script element too, where `</script` and `<!--` would end or change it. */
function json(value: unknown, indent: unknown): string {
  const space =
    indent === true ? JSON_INDENT : typeof indent === 'number' ? Math.min(10, Math.max(0, indent)) : 0;
  let text = JSON.stringify(value ?? null);
  if (space > 0) {
    if (depthOf(text) > MAX_INDENTED_DEPTH) throw new HelperFault('cannot indent what is nested so deeply');
    text = JSON.stringify(value ?? null, undefined, space);
  }
  return text
    .replace(/<(?=[/!])/g, '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

export const TEXT_HELPERS: readonly Helper[] = [
  change('upper', 'In capital letters, by the rules of the locale.', 'ADA LOVELACE', (text, locale) =>
    text.toLocaleUpperCase(locale),
  ),
  change('lower', 'In small letters, by the rules of the locale.', 'ada lovelace', (text, locale) =>
    text.toLocaleLowerCase(locale),
  ),
  change(
    'title',
    'Every word with a capital first letter; the other letters stay.',
    'Ada Lovelace',
    (text, locale) =>
      text.replace(
        WORD_START,
        (_, before: string, letter: string) => before + letter.toLocaleUpperCase(locale),
      ),
  ),
  {
    name: 'pad',
    group: 'text',
    signature: 'pad value width [fill] [side="end"]',
    doc: 'Fills a text up to a width, with spaces or `fill`, at its start or its end.',
    example: { template: '{{pad 42 6 "0"}}', data: {}, output: '000042' },
    args: [2, 3],
    named: ['side'],
    call: (args, call) => {
      const text = isNothing(args[0]) ? '' : textAt(args, 0, call);
      const width = integerAt(args, 1, call, [0, MAX_WIDTH]);
      const fill = args[2] === undefined ? ' ' : textAt(args, 2, call);
      const side = wordOf('side', namedText(call, 'side') ?? 'start', ['start', 'end'] as const);
      return side === 'start' ? text.padStart(width, fill) : text.padEnd(width, fill);
    },
  },
  {
    name: 'concat',
    group: 'text',
    signature: 'concat a b …',
    doc: 'The texts one after the other; nothing adds nothing.',
    example: { template: '{{concat "INV-" id}}', data: { id: 7 }, output: 'INV-7' },
    args: [1, Infinity],
    call: (args, call) =>
      args.map((value, index) => (isNothing(value) ? '' : textAt(args, index, call))).join(''),
  },
  {
    name: 'join',
    group: 'text',
    signature: 'join list [separator] [by="path"] [style="and"]',
    doc: 'The items of a list in one text, separated by ", " or as the locale lists things (style "and" or "or").',
    example: {
      template: '{{join tags " · "}}, {{join tags style="and"}}',
      data: { tags: ['a', 'b', 'c'] },
      output: 'a · b · c, a, b, and c',
    },
    args: [1, 2],
    named: ['by', 'style'],
    call: (args, call) => {
      const by = namedText(call, 'by');
      const words = listAt(args, 0, call).flatMap((item, index) => {
        const value = by === undefined ? item : valueAt(item, by);
        if (isNothing(value)) return [];
        const word = asText(value);
        if (word !== undefined) return [word];
        throw new HelperFault(
          `needs texts, but item ${index + 1} is ${Array.isArray(value) ? 'a list' : 'an object'}`,
          'Name the field to join: by="name".',
        );
      });
      const style = namedText(call, 'style');
      const separator = args[1] === undefined ? ', ' : textAt(args, 1, call);
      const length = words.reduce((sum, word) => sum + word.length + separator.length, 0);
      if (length > MAX_LENGTH) throw new HelperFault(`makes a text of more than ${MAX_LENGTH} characters`);
      if (style === undefined) return words.join(separator);
      const type = wordOf('style', style, ['and', 'or'] as const) === 'and' ? 'conjunction' : 'disjunction';
      return listFormat(call.locale, { type }).format(words);
    },
  },
  {
    name: 'plural',
    group: 'text',
    signature:
      'plural count one other [zero="none"] [one="# item"] [two="…"] [few="…"] [many="…"] [other="# items"]',
    doc: 'The word that goes with a count, by the plural rules of the locale; # is the count.',
    example: { template: '{{plural n "# page" "# pages"}}', data: { n: 3 }, output: '3 pages' },
    args: [1, 3],
    named: PLURAL_FORMS,
    call: plural,
  },
  {
    name: 'json',
    group: 'text',
    signature: 'json value [indent]',
    doc: 'The value as JSON text; in a script write {{{json value}}}.',
    example: { template: '{{{json point}}}', data: { point: { x: 1 } }, output: '{"x":1}' },
    args: [1, 2],
    call: ([value, indent]) => json(value, indent),
  },
];
