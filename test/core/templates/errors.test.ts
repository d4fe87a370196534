import { describe, expect, it } from 'vitest';
import { renderFailure, rendered } from '../../support/template-rendering.ts';

/** Template, data, then what the error must say. */
interface Case {
  readonly template: string;
  readonly data?: unknown;
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly says: RegExp;
  readonly hint?: RegExp;
}

const SYNTAX: readonly Case[] = [
  {
    template: 'a\n {{#if x}}\nb',
    code: 'TEMPLATE_SYNTAX',
    line: 2,
    column: 2,
    says: /\{\{#if}} is never closed/,
    hint: /\{\{\/if}}/,
  },
  {
    template: '{{#if a}}\n{{#each b}}\n{{/if}}',
    code: 'TEMPLATE_SYNTAX',
    line: 3,
    column: 1,
    says: /\{\{\/if}} closes \{\{#each}}, which was opened in line 2/,
  },
  { template: 'x{{/if}}', code: 'TEMPLATE_SYNTAX', line: 1, column: 2, says: /never opened/ },
  { template: 'x\n{{else}}', code: 'TEMPLATE_SYNTAX', line: 2, column: 1, says: /outside of any block/ },
  { template: 'x\n  {{name', code: 'TEMPLATE_SYNTAX', line: 2, column: 3, says: /\{\{ is never closed/ },
  { template: '{{!-- x', code: 'TEMPLATE_SYNTAX', line: 1, column: 1, says: /comment/ },
  { template: '{{{{raw}}}} x', code: 'TEMPLATE_SYNTAX', line: 1, column: 1, says: /raw block/ },
  {
    template: '{{upper "abc}}',
    code: 'TEMPLATE_SYNTAX',
    line: 1,
    column: 9,
    says: /text that starts with " is never closed/,
  },
  { template: '{{}}', code: 'TEMPLATE_SYNTAX', line: 1, column: 3, says: /missing before "}}"/ },
  { template: 'ab\n{{foo}bar}}', code: 'TEMPLATE_SYNTAX', line: 2, column: 6, says: /"}" cannot stand/ },
  { template: '{{upper a=}}', code: 'TEMPLATE_SYNTAX', line: 1, column: 11, says: /missing before "}}"/ },
  { template: '{{a/../b}}', code: 'TEMPLATE_SYNTAX', line: 1, column: 3, says: /Invalid path/ },
  {
    template: '{{#if a}}x{{else}}y{{else}}z{{/if}}',
    code: 'TEMPLATE_SYNTAX',
    line: 1,
    column: 20,
    says: /else/,
  },
  { template: 'a\0b', code: 'TEMPLATE_SYNTAX', line: 1, column: 2, says: /NUL/ },
  { template: '{{(upper a)}}', code: 'TEMPLATE_SYNTAX', line: 1, column: 3, says: /"\(" cannot stand/ },
  {
    template: '{{{a}}',
    code: 'TEMPLATE_SYNTAX',
    line: 1,
    column: 5,
    says: /missing before "}}"|not expected/,
  },
];

const CALLS: readonly Case[] = [
  {
    template: '<p>\r\n{{curency 1 "EUR"}}',
    code: 'TEMPLATE_UNKNOWN_HELPER',
    line: 2,
    column: 3,
    says: /no helper "curency"/,
    hint: /"currency"/,
  },
  {
    template: '{{#eech items}}{{/eech}}',
    code: 'TEMPLATE_UNKNOWN_HELPER',
    line: 1,
    column: 4,
    says: /no helper "eech"/,
    hint: /"each"/,
  },
  {
    template: '{{upper (lowr name)}}',
    code: 'TEMPLATE_UNKNOWN_HELPER',
    line: 1,
    column: 10,
    says: /"lowr"/,
    hint: /"lower"/,
  },
  {
    template: '{{#if no}}{{nope 1}}{{/if}}',
    code: 'TEMPLATE_UNKNOWN_HELPER',
    line: 1,
    column: 13,
    says: /"nope"/,
  },
  {
    template: '\n {{> hedaer}}',
    code: 'TEMPLATE_UNKNOWN_PARTIAL',
    line: 2,
    column: 2,
    says: /no partial "hedaer"/,
    hint: /"header"/,
  },
  {
    template: '{{> (lookup . "x")}}',
    data: { x: 5 },
    code: 'TEMPLATE_UNKNOWN_PARTIAL',
    line: 1,
    column: 1,
    says: /not a text/,
  },
  {
    template: '{{currency total}}',
    data: { total: 1 },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /needs the code of a currency/,
    hint: /"EUR"/,
  },
  {
    template: '{{currency total "EUR"}}',
    data: { total: 'abc' },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /currency needs a number, but "total" is the text "abc"/,
  },
  {
    template: '{{currency total "EUR"}}',
    data: { total: {} },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /"total" is an object/,
  },
  {
    template: '{{upper (date "x")}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 9,
    says: /date needs a date/,
    hint: /2026-01-31/,
  },
  {
    template: '{{date due "shrt"}}',
    data: { due: '2026-01-31' },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /"shrt"/,
    hint: /"short"/,
  },
  {
    template: '{{date due}}',
    data: { due: '2026-02-30' },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /2026-02-30/,
  },
  {
    template: '{{number 1 decimls=2}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 12,
    says: /no option "decimls"/,
    hint: /"decimals"/,
  },
  {
    template: '{{round}}{{round 1 2 3}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 10,
    says: /takes 1 to 2 values, but gets 3/,
    hint: /round value/,
  },
  {
    template: '{{#if a b}}{{/if}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /takes 1 value, but gets 2/,
  },
  {
    template: '{{#each}}{{/each}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /takes 1 value/,
  },
  {
    template: '{{#each name}}{{/each}}',
    data: { name: 'x' },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /each needs a list, but "name" is the text "x"/,
  },
  {
    template: '{{#number 1}}{{/number}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /no block form/,
  },
  {
    template: '{{each items}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /is a block/,
    hint: /\{\{#each list}}/,
  },
  { template: '{{div 1 0}}', code: 'TEMPLATE_HELPER_FAILED', line: 1, column: 1, says: /divide by zero/ },
  { template: '{{add a 1}}', code: 'TEMPLATE_HELPER_FAILED', line: 1, column: 1, says: /"a" is missing/ },
  {
    template: '{{sum items "prise"}}',
    data: { items: [{ price: 1 }] },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /no "prise" in any item/,
    hint: /"price"/,
  },
  {
    template: '{{sum items "price"}}',
    data: { items: [{ price: 1 }, { price: 'x' }] },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /"price" of item 2 is the text "x"/,
  },
  {
    template: '{{barcode "ean13" code}}',
    data: { code: '123' },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /"123" as "ean13": EAN-13 must be 12 or 13 digits/,
  },
  {
    template: '{{barcode "ean31" "1"}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /does not know the type/,
    hint: /"ean13"/,
  },
  {
    template: '{{barcode "constructor" "1"}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /does not know the type/,
  },
  {
    template: '{{qr text}}',
    data: { text: 'x'.repeat(5000) },
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /5000 characters are too many/,
  },
  {
    template: '{{qr "x" "25 parsec"}}',
    code: 'TEMPLATE_HELPER_FAILED',
    line: 1,
    column: 1,
    says: /takes a length/,
  },
  {
    template: '{{customer}}',
    data: { customer: { name: 'x', city: 'y' } },
    code: 'TEMPLATE_NOT_PRINTABLE',
    line: 1,
    column: 1,
    says: /"customer" is an object/,
    hint: /name, city/,
  },
  {
    template: '{{items}}',
    data: { items: [{}] },
    code: 'TEMPLATE_NOT_PRINTABLE',
    line: 1,
    column: 1,
    says: /a list of 1/,
    hint: /#each/,
  },
];

describe('errors of a template', () => {
  for (const { template, data, code, line, column, says, hint } of [...SYNTAX, ...CALLS]) {
    it(`${JSON.stringify(template.slice(0, 60))} is ${code}`, async () => {
      const error = await renderFailure(template, data ?? {}, { partials: { header: '' } });
      expect(error).toMatchObject({ code, details: { template: 'html', line, column } });
      expect(error.message).toMatch(says);
      expect(error.message).toMatch(new RegExp(`^Line ${String(line)} of the template: `));
      expect(error.details.sourceLine).toBe(template.split(/\r\n|\n/)[line - 1]);
      if (hint) expect(error.details.hint).toMatch(hint);
    });
  }

  it('names the text that the mistake is in', async () => {
    const bad = 'x\n{{nope 1}}';
    expect((await renderFailure('', {}, { css: bad })).details).toMatchObject({ template: 'css', line: 2 });
    expect((await renderFailure('', {}, { header: bad })).details).toMatchObject({
      template: 'header',
      line: 2,
    });
    expect((await renderFailure('', {}, { footer: bad })).details).toMatchObject({
      template: 'footer',
      line: 2,
    });
    const inPartial = await renderFailure('{{> parts/row}}', {}, { partials: { 'parts/row': bad } });
    expect(inPartial.details).toMatchObject({ template: 'parts/row', line: 2, sourceLine: '{{nope 1}}' });
    expect(inPartial.message).toContain('the partial "parts/row"');
  });

  it('cuts a minified line around the place', async () => {
    const { details } = await renderFailure(`${'x'.repeat(100_000)}{{nope 1}}${'y'.repeat(100_000)}`);
    expect(details.column).toBe(100_003);
    expect(details.sourceLine?.length).toBeLessThan(300);
    expect(details.sourceLine).toContain('{{nope 1}}');
  });

  it('keeps the place right behind braces that are text', async () => {
    const error = await renderFailure('a{b:{{c}}}\nd{e:{{c}}} {{nope 1}}', { c: 1 });
    expect(error.details).toMatchObject({ line: 2, column: 14, sourceLine: 'd{e:{{c}}} {{nope 1}}' });
  });

  it('says nothing of the machine it runs on', async () => {
    for (const { template, data } of [...SYNTAX, ...CALLS]) {
      const { message, details } = await renderFailure(template, data ?? {});
      expect(message + JSON.stringify(details)).not.toMatch(/\.ts\b|\.js\b|node_modules|file:|\bat \w+ \(/);
    }
  });
});

describe('strict', () => {
  const data = {
    customer: { address: { city: 'Wien' }, vat: null },
    items: [{ price: 1 }, { prise: 2 }],
    currency: 'EUR',
  };
  const strict = { strict: true };

  const MISSING: readonly (readonly [string, string, RegExp, RegExp | undefined])[] = [
    [
      '{{customer.adress.city}}',
      'customer.adress.city',
      /"customer" has no "adress"/,
      /"customer\.address\.city"/,
    ],
    ['{{custmer.address}}', 'custmer.address', /has no "custmer"/, /"customer\.address"/],
    ['{{customer.vat.id}}', 'customer.vat.id', /"customer\.vat" is null/, undefined],
    ['{{#each items}}{{price}}{{/each}}', 'items[1].price', /items\[1\]\.price/, /items\[1\]\.prise/],
    ['{{#each items as |item|}}{{item.price}}{{/each}}', 'item.price', /item\.price/, undefined],
    [
      '{{#with customer}}{{#with address}}{{zip}}{{/with}}{{/with}}',
      'customer.address.zip',
      /zip/,
      undefined,
    ],
    ['{{#each items}}{{currency}}{{/each}}', 'items[0].currency', /currency/, /\.\.\/currency/],
    ['{{upper nam}}', 'nam', /"nam"/, undefined],
    ['{{#each itms}}{{/each}}', 'itms', /"itms"/, /"items"/],
    ['{{@root.nam}}', '@root.nam', /nam/, undefined],
    ['{{../name}}', '../name', /name/, undefined],
    ['{{> p x=nope}}', 'nope', /nope/, undefined],
  ];
  for (const [template, path, says, hint] of MISSING) {
    it(`names the whole path in ${template}`, async () => {
      const error = await renderFailure(template, data, { ...strict, partials: { p: '' } });
      expect(error.code).toBe('TEMPLATE_MISSING_FIELD');
      expect(error.message).toContain(path);
      expect(error.message).toMatch(says);
      expect(error.details.line).toBe(1);
      if (hint) expect(error.details.hint).toMatch(hint);
    });
  }

  it('lets a template ask whether something is there', async () => {
    const template =
      '{{#if vat}}x{{/if}}{{#unless a.b.c}}u{{/unless}}{{default a.b "d"}}{{#if (and a (or b c))}}x{{/if}}{{not z}}{{#none}}x{{/none}}{{customer.vat}}';
    expect(await rendered(template, data, strict)).toBe('udtrue');
  });

  it('is off unless it is asked for', async () => {
    expect(await rendered('[{{a.b.c}}{{#each x}}y{{/each}}{{upper x}}{{currency p "EUR"}}]', {})).toBe('[]');
  });
});
