import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { rendered } from '../../support/template-rendering.ts';

const DATA = {
  name: 'Ada & <b>',
  zero: 0,
  no: false,
  yes: true,
  nothing: null,
  empty: '',
  list: ['x', 'y', 'z'],
  none: [],
  items: [
    { name: 'one', price: 1, tags: ['a', 'b'] },
    { name: 'two', price: 2, tags: [] },
  ],
  customer: { name: 'Bo', address: { city: 'Wien' }, 'odd key': 'odd' },
  map: { a: 1, b: 2 },
  html: '<i>x</i>',
};

const PARTIALS = {
  row: '[{{name}}:{{../name}}]',
  layout: '<main>{{> @partial-block}}</main>',
  slots: '<nav>{{> nav}}</nav>{{> @partial-block}}',
  nested: '{{#> layout}}in {{> @partial-block}}{{/layout}}',
  'shared/deep': 'deep {{x}}',
  lines: 'a\nb\n',
};

/** Templates whose output must be that of Handlebars itself, whose compiler is not used. */
const SAME = [
  'plain text with { single } braces and }} closing ones',
  '{{name}} {{{name}}} {{&name}}',
  '{{zero}}|{{no}}|{{yes}}|{{nothing}}|{{empty}}|{{missing}}|{{list}}|{{missing.deep.er}}',
  '{{customer.name}} {{customer/address/city}} {{customer.[odd key]}} {{this.name}} {{./name}}',
  '{{list.length}} {{name.length}} {{list.[1]}}',
  '{{#if yes}}a{{else}}b{{/if}}{{#if zero}}a{{else}}b{{/if}}{{#if none}}a{{else}}b{{/if}}{{#if zero includeZero=true}}a{{/if}}',
  '{{#if no}}1{{else if yes}}2{{else}}3{{/if}}{{#if no}}1{{else if nothing}}2{{else}}3{{/if}}',
  '{{#unless no}}a{{/unless}}{{#unless yes}}a{{else}}b{{/unless}}',
  '{{#each list}}{{@index}}{{@key}}{{this}}{{#if @first}}F{{/if}}{{#if @last}}L{{/if}}{{/each}}',
  '{{#each none}}x{{else}}none{{/each}}{{#each missing}}x{{else}}none{{/each}}',
  '{{#each map}}{{@key}}={{this}};{{/each}}',
  '{{#each items}}{{name}} {{../name}} {{#each tags}}{{this}}{{../name}}{{../../name}}{{@../index}}{{/each}}{{/each}}',
  '{{#each items as |item i|}}{{i}}{{item.name}}{{#each item.tags as |tag|}}{{tag}}{{item.name}}{{i}}{{/each}}{{/each}}',
  '{{#each items}}{{#if price}}{{name}}{{../name}}{{/if}}{{/each}}',
  '{{#with customer}}{{name}} {{../name}} {{#with address}}{{city}}{{../name}}{{../../name}}{{/with}}{{/with}}',
  '{{#with customer as |c|}}{{c.name}} {{name}}{{/with}}{{#with nothing}}x{{else}}none{{/with}}',
  '{{#customer}}{{name}}{{/customer}}{{#yes}}y{{/yes}}{{#no}}x{{else}}n{{/no}}{{#list}}{{this}}{{/list}}{{#none}}x{{/none}}{{#zero}}z{{this}}{{/zero}}',
  '{{^no}}n{{/no}}{{^yes}}x{{else}}y{{/yes}}{{^none}}empty{{/none}}',
  '{{lookup map "a"}}{{lookup list 1}}{{#with (lookup items 0)}}{{name}}{{/with}}',
  '{{@root.name}}{{#each items}}{{@root.customer.name}}{{/each}}',
  '{{! a comment }}{{!-- with }} inside --}}x',
  '\\{{name}} \\\\{{name}} \\{{name}} {{name}}',
  '  {{#if yes}}\n  line\n  {{/if}}\nafter\n',
  '{{#each list}}\n  - {{this}}\n{{/each}}\nend',
  'a {{~name~}} b\n {{~#if yes~}} c {{~/if~}} d',
  '{{> row customer}}{{#each items}}{{> row}}{{/each}}',
  '{{> row customer name="given"}}{{> row name="given"}}{{> shared/deep x=1}}{{> "row" customer}}',
  '{{> (lookup map2 "k")}}',
  '{{#> layout}}body {{name}}{{/layout}}',
  '{{#> slots}}{{#*inline "nav"}}nav {{name}}{{/inline}}rest{{/slots}}',
  '{{#*inline "mine"}}<{{name}}>{{/inline}}{{> mine}}{{#with customer}}{{> mine}}{{/with}}',
  '{{#> nested}}most inner{{/nested}}',
  '{{#> nowhere}}fallback {{name}}{{/nowhere}}',
  'x\n    {{> lines}}\ny',
  '<p>\n  {{#if no}}\n  a\n  {{else}}\n  b\n  {{/if}}\n</p>',
  '{{"name"}} {{[name]}} {{12}}',
  '{{#each list}}{{#unless @last}}{{this}}, {{/unless}}{{/each}}',
  '\r\n{{#if yes}}\r\nwin\r\n{{/if}}\r\n',
  '{{#with this}}{{name}}{{/with}}',
  '{{#if (lookup map "a")}}sub{{/if}}',
];

describe('the language', () => {
  for (const template of SAME) {
    it(`gives what Handlebars gives for ${JSON.stringify(template)}`, async () => {
      const data = { ...DATA, map2: { k: 'lines' } };
      const own = Handlebars.create();
      const expected = own.compile(template)(data, { partials: PARTIALS });
      expect(await rendered(template, data, { partials: PARTIALS })).toBe(expected);
    });
  }

  it('keeps a field of the data that is called like a helper', async () => {
    const template = '{{date}} {{title}} {{#each items}}{{number}}{{/each}} {{#title}}t{{/title}} {{today}}';
    const data = { date: 'D', title: 'T', items: [{ number: 5 }], today: 'then' };
    expect(await rendered(template, data)).toBe('D T 5 t then');
  });

  it('calls a helper without arguments when the data has no such field', async () => {
    expect(await rendered('{{today}}')).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('takes a third closing brace for text, as minified CSS has it', async () => {
    expect(await rendered('a{color:{{c}}}b{x:{{ c }}}}', { c: 'red' })).toBe('a{color:red}b{x:red}}');
  });

  it('renders the inline form of if', async () => {
    expect(await rendered('{{if a "x" "y"}}{{if b "x" "y"}}{{unless b "x"}}', { a: 1 })).toBe('xyx');
  });

  it('lets a block form take the place of if and each', async () => {
    const template =
      '{{#eq a 1}}one{{else}}other{{/eq}}{{#range 2 as |n i|}}{{n}}{{i}}{{@last}} {{/range}}{{#sortBy l}}{{this}}{{/sortBy}}';
    expect(await rendered(template, { a: 1, l: [2, 1] })).toBe('one10false 21true 12');
  });

  it('passes block parameters through blocks that have none', async () => {
    const template = '{{#each l as |x|}}{{#if x}}{{#each ../m}}{{x}}{{this}} {{/each}}{{/if}}{{/each}}';
    expect(await rendered(template, { l: ['a', 'b'], m: [1, 2] })).toBe('a1 a2 b1 b2 ');
  });

  it('prints raw blocks as they stand', async () => {
    expect(await rendered('{{{{raw}}}}{{a}} {{#b}}{{{{/raw}}}}!', { a: 1 })).toBe('{{a}} {{#b}}!');
  });
});
