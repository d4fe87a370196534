/** The editor's language services over the sample templates that ship, and over texts as they are while one types. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HELPER_CATALOG } from '../../core/templates/helper-catalog.ts';
import { completeAt, type Completion } from '../../renderer/features/templates/language/completion.ts';
import { hideQuotes, showQuotes } from '../../renderer/features/templates/language/hide-quotes.ts';
import { hoverAt } from '../../renderer/features/templates/language/hover.ts';
import { findProblems } from '../../renderer/features/templates/language/problems.ts';
import { analyse, type Helper, type Project } from '../../renderer/features/templates/language/project.ts';
import { indentOfEnd, missingEnd } from '../../renderer/features/templates/language/typed-tags.ts';

const SAMPLES = path.resolve(import.meta.dirname, '../../assets/samples');

const helpers: ReadonlyMap<string, Helper> = new Map(
  HELPER_CATALOG.map(({ name, signature, doc, example, block }) => [
    name,
    {
      name,
      signature,
      summary: doc,
      example: example.template,
      result: example.output,
      isBlock: block !== undefined,
    },
  ]),
);

const project = (texts: Record<string, string>, data?: unknown): Project => ({
  texts: new Map(Object.entries(texts)),
  data,
  hasData: data !== undefined,
  helpers,
});

const DATA = {
  number: 'A-1',
  customer: { name: 'Ada', 'post code': '8010' },
  items: [
    { name: 'Desk', price: 10, tags: [{ label: 'wood' }] },
    { name: 'Lamp', price: 5, discount: 1, tags: [] },
  ],
};

/** `|` in the text is the cursor. */
function complete(
  source: string,
  data: unknown = DATA,
  others: Record<string, string> = {},
): readonly Completion[] {
  const offset = source.indexOf('|');
  const text = source.slice(0, offset) + source.slice(offset + 1);
  const world = project({ 'template.html': text, ...others }, data);
  const top = analyse(world).tops.get('template.html');
  if (top === undefined) throw new Error('The template has no scope');
  return completeAt(world, text, offset, top).items;
}

const labels = (items: readonly Completion[], kind: Completion['kind'] = 'field'): string[] =>
  items.filter((item) => item.kind === kind).map(({ label }) => label);

const messages = (texts: Record<string, string>, data: unknown = DATA): string[] =>
  findProblems(project(texts, data)).map(({ severity, path: file, span, message }) => {
    const { line, column } = span.start;
    return `${severity} ${file} ${line}:${column} ${message}`;
  });

describe('completion', () => {
  it('offers the fields of the sample and those of its objects', () => {
    expect(labels(complete('<p>{{|'))).toEqual([
      'number',
      'customer',
      'items',
      'customer.name',
      'customer.[post code]',
    ]);
  });

  it('offers nothing outside of mustaches, in comments and in raw blocks', () => {
    expect(complete('<p>|{{number}}')).toEqual([]);
    expect(complete('{{!-- {{ | --}}')).toEqual([]);
    expect(complete('{{{{raw}}}}{{ | {{{{/raw}}}}')).toEqual([]);
    expect(complete('\\{{ |')).toEqual([]);
  });

  it('sees the items of every list around, before the block is closed', () => {
    const inside = complete('{{#each items}}<td>{{|');
    // `discount` is only in the second item.
    expect(labels(inside).slice(0, 4)).toEqual(['name', 'price', 'tags', 'discount']);
    expect(labels(inside)).toContain('../number');
    expect(labels(inside, 'variable')).toContain('@index');
    expect(labels(complete('{{#each items}}{{#each tags}}{{|}}{{/each}}{{/each}}'))[0]).toBe('label');
  });

  it('leaves a block that was closed and knows the other part of one', () => {
    expect(labels(complete('{{#each items}}{{name}}{{/each}}{{|'))[0]).toBe('number');
    expect(labels(complete('{{#each items}}{{else}}{{|'))[0]).toBe('number');
    expect(labels(complete('{{#if a}}{{else if b}}x{{/if}}{{#with customer}}{{|'))[0]).toBe('name');
  });

  it('follows dots, ../, this, @root, block parameters and helpers that give lists', () => {
    expect(labels(complete('{{customer.|'))).toEqual(['name', 'post code']);
    expect(complete('{{customer.|')[1]?.insert).toBe('[post code]');
    expect(labels(complete('{{#each items}}{{../|'))).toEqual(['number', 'customer', 'items']);
    expect(labels(complete('{{#each items}}{{@root.customer.|'))).toEqual(['name', 'post code']);
    expect(labels(complete('{{#each (sortBy items "price")}}{{this.|'))).toContain('price');
    expect(labels(complete('{{#each (groupBy items "name")}}{{#each items}}{{|'))).toContain('price');
  });

  it('knows the names of fields inside of quotes', () => {
    expect(labels(complete('{{sum items "|'))).toEqual(['name', 'price', 'tags', 'discount']);
    expect(labels(complete('{{currency (sum items "pr|'))).toContain('price');
    expect(complete('{{currency number "E|')).toEqual([]);
  });

  it('offers helpers with their arguments, options, partials and what closes a block', () => {
    const currency = complete('{{cur|').find(({ label }) => label === 'currency');
    expect(currency?.insert).toBe('currency ${1:amount} ${2:code}');
    expect(labels(complete('{{currency 5 "EUR" |'), 'option')).toContain('display=');
    expect(labels(complete('{{> |', DATA, { 'partials/totals.hbs': '' }), 'partial')).toEqual(['totals']);
    expect(labels(complete('{{#each items}}{{/|'), 'keyword')).toEqual(['each']);
    expect(labels(complete('{{#if a}}{{else if b}}{{/|'), 'keyword')).toEqual(['if']);
    expect(labels(complete('{{#|'), 'helper')).not.toContain('currency');
  });

  it('goes on when a quote or a mustache before was left open', () => {
    expect(labels(complete('{{currency "}}\n<p>{{|'))[0]).toBe('number');
    expect(labels(complete('{{number <p>{{#each items}}{{|'))[0]).toBe('name');
  });
});

describe('block parameters', () => {
  it('are offered with the fields of what they stand for', () => {
    const text = '{{#each items as |row at|}}{{row.';
    const world = project({ 'template.html': text }, DATA);
    const top = analyse(world).tops.get('template.html');
    if (top === undefined) throw new Error('The template has no scope');
    expect(labels(completeAt(world, text, text.length, top).items)).toEqual([
      'name',
      'price',
      'tags',
      'discount',
    ]);
  });
});

describe('hover', () => {
  const hover = (source: string): string | undefined => {
    const offset = source.indexOf('|');
    const text = source.slice(0, offset) + source.slice(offset + 1);
    const world = project({ 'template.html': text, 'partials/totals.hbs': '' }, DATA);
    const top = analyse(world).tops.get('template.html');
    return top && hoverAt(world, text, offset, top)?.markdown;
  };

  it('shows the value, of the part of a path that is pointed at', () => {
    expect(hover('{{customer.na|me}}')).toContain('"Ada"');
    expect(hover('{{cust|omer.name}}')).toContain('"post code":"8010"');
    expect(hover('{{#each items}}{{na|me}}{{/each}}')).toContain('first of 2 values');
    expect(hover('{{#each items}}{{../num|ber}}{{/each}}')).toContain('A-1');
    expect(hover('{{currency num|ber "EUR"}}')).toContain('A-1');
  });

  it('explains helpers where they are called, partials, and says what the sample lacks', () => {
    expect(hover('{{curr|ency number "EUR"}}')).toContain('currency amount code');
    expect(hover('{{> tot|als}}')).toContain('partials/totals.hbs');
    expect(hover('{{nothi|ng}}')).toContain('not in this sample');
    expect(hover('<p>te|xt</p>')).toBeUndefined();
  });
});

describe('end tags', () => {
  const ends = (marked: string): string | undefined => {
    const [before = '', after = ''] = marked.split('|');
    return missingEnd(before, after);
  };

  it('come with the start tag, whatever its attributes hold', () => {
    expect(ends('<p>|')).toBe('</p>');
    expect(ends('<td class="a > b" data-x=\'>\' {{#if x}}hidden{{/if}}>|</tr>')).toBe('</td>');
    expect(ends('<div>x</div><div>|')).toBe('</div>');
    expect(ends('<!-- <b> --><svg:rect>|')).toBe('</svg:rect>');
  });

  it('do not come where none is missing: void elements, partials, what is closed further on, other languages', () => {
    for (const none of [
      '<br>|',
      '<!doctype html>|',
      '<rect />|',
      '</p>|',
      '<p>{{>|',
      '<p title="{{>|',
      '<div>|<p>x</p></div>',
      '5 > 4 >|',
      '<script>if (a <b && c>|',
      '<!-- <p>|',
    ])
      expect(ends(none), none).toBeUndefined();
  });

  it('are looked for in one way only (a page that hangs at a key)', () => {
    expect(ends(`<b ${'{{a}} '.repeat(300)}">|`)).toBeUndefined();
    expect(ends(`<b ${'{{{a}}} '.repeat(200)}>|`)).toBe('</b>');
  });

  it('stand under their beginning', () => {
    expect(indentOfEnd('  <table>\n    <tr></tr>\n      </table>')).toBe('  ');
    expect(indentOfEnd('<div>\n  <div>x</div>\n    </div>')).toBe('');
    expect(indentOfEnd('    {{#each a}}\n{{#if b}}c{{/if}}\n  {{/each}}')).toBe('    ');
    expect(indentOfEnd('  {{#if a}}\n{{#each b}}c{{/each}}\n{{else if d}}')).toBe('  ');
    for (const none of ['<p>x</p>', '<p>\nx</p>', '</table>', 'x\n{{name}}', '{{> a}}'])
      expect(indentOfEnd(none), none).toBeUndefined();
  });
});

describe('quotes of mustaches', () => {
  it('are out of sight of a formatter and come back', () => {
    const text = '<img src="{{default a "b.svg"}}" alt=\'{{concat "x" \'y\'}}\'>';
    const hidden = hideQuotes(text) ?? '';
    expect(hidden.match(/["']/g)).toHaveLength(4);
    expect(showQuotes(hidden)).toBe(text);
    expect(hideQuotes('\uF8F0')).toBeUndefined();
  });
});

describe('problems', () => {
  it('finds none in the samples that ship', () => {
    for (const id of readdirSync(SAMPLES)) {
      const texts: Record<string, string> = {};
      const folder = path.join(SAMPLES, id);
      const partials = path.join(folder, 'partials');
      for (const name of ['template.html', 'style.css']) {
        texts[name] = readFileSync(path.join(folder, name), 'utf8');
      }
      for (const name of readdirSync(partials, { recursive: true, encoding: 'utf8' })) {
        if (name.endsWith('.hbs'))
          texts[`partials/${name}`] = readFileSync(path.join(partials, name), 'utf8');
      }
      for (const sample of readdirSync(path.join(folder, 'samples'))) {
        const data = JSON.parse(readFileSync(path.join(folder, 'samples', sample), 'utf8')) as unknown;
        expect(messages(texts, data), `${id}/${sample}`).toEqual([]);
      }
    }
  });

  it('tells a field that the sample lacks, with the nearest name or where else it is', () => {
    const texts = {
      'template.html': '<p>{{numbr}}\n{{#each items}}{{currency prce "EUR"}}{{customer.name}}{{/each}}',
    };
    expect(messages(texts)).toEqual([
      'warning template.html 1:6 This sample has no "numbr". Did you mean "number"?',
      'warning template.html 2:27 This sample has no "prce". Did you mean "price"?',
      'warning template.html 2:41 This sample has no "customer.name". It exists outside of the block: write {{../customer.name}}.',
    ]);
    const [first] = findProblems(project(texts, DATA));
    expect(first?.fix?.text).toBe('number');
  });

  it('is quiet where the template asks first, and where the sample never gets', () => {
    const asks =
      '{{#if paid}}{{paid}}{{/if}}{{default paid "no"}}{{#each gone}}{{x}}{{/each}}{{#with gone}}{{y}}{{/with}}';
    expect(messages({ 'template.html': asks })).toEqual([]);
    // Unless it looks misspelt: an empty list is the usual reason for {{#each}} to show nothing.
    expect(messages({ 'template.html': '{{#each itmes}}{{x}}{{/each}}' })).toEqual([
      'warning template.html 1:9 This sample has no "itmes". Did you mean "items"?',
    ]);
    expect(messages({ 'template.html': '{{anything}}' }, undefined)).toHaveLength(1);
    expect(findProblems(project({ 'template.html': '{{anything}}' }))).toEqual([]);
  });

  it('takes the name of a helper that needs arguments for a field, as rendering does', () => {
    const data = { title: 'x' };
    expect(messages({ 'template.html': '{{title}}{{today}}{{toc}}' }, data)).toEqual([]);
    expect(messages({ 'template.html': '{{number}}' }, data)).toEqual([
      'warning template.html 1:3 This sample has no "number".',
    ]);
  });

  it('follows partials to what they are called with', () => {
    const texts = {
      'template.html': '{{#each items}}{{> row currency="EUR"}}{{> rwo}}{{/each}}',
      'partials/row.hbs': '{{name}} {{currency price currency}} {{nam}}',
      'partials/alone.hbs': '{{whatever}}',
    };
    expect(messages(texts)).toEqual([
      'error template.html 1:44 There is no partial "rwo". Did you mean "row"?',
      'warning partials/row.hbs 1:40 This sample has no "nam". Did you mean "name"?',
    ]);
  });

  it('follows partials whose name comes from the data', () => {
    const texts = {
      'template.html': '{{#each blocks}}{{> (lookup . "kind")}}{{/each}}',
      'partials/text.hbs': '{{bdy}}',
    };
    expect(messages(texts, { blocks: [{ kind: 'text', body: 'x' }, { kind: 'image' }] })).toEqual([
      'error template.html 1:21 There is no partial "image". It would be the file partials/image.hbs.',
      'warning partials/text.hbs 1:3 This sample has no "bdy". Did you mean "body"?',
    ]);
  });

  it('ends when partials call each other', () => {
    const texts = {
      'template.html': '{{> a}}',
      'partials/a.hbs': '{{> b}}',
      'partials/b.hbs': '{{> a}}{{numbr}}',
    };
    expect(messages(texts)).toHaveLength(1);
  });

  it('says what cannot be read and where, and which helper is not there', () => {
    expect(messages({ 'template.html': '<p>\n{{#if x}}' })[0]).toMatch(
      /^error template\.html 2:\d+ The text ends/,
    );
    expect(messages({ 'template.html': '{{currncy 5 "EUR"}}' })).toEqual([
      'error template.html 1:3 There is no helper "currncy". Did you mean "currency"?',
    ]);
    expect(messages({ 'template.html': '{{#currency 5 "EUR"}}{{/currency}}' })[0]).toContain('no block form');
    expect(messages({ 'template.html': '{{#if a}}{{/each}}' })[0]).toMatch(/if.*each/);
  });
});
