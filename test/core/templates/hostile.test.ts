import { describe, expect, it } from 'vitest';
import { DocumentRenderer } from '../../../core/templates/render-document.ts';
import { DEFAULT_RENDER_LIMITS } from '../../../core/templates/render-protocol.ts';
import { rendered, renderFailure, renderJob } from '../../support/template-rendering.ts';

describe('what reaches out of the data', () => {
  const REACHES = [
    '{{constructor}}',
    '{{constructor.constructor}}',
    '{{__proto__}}',
    '{{__proto__.polluted}}',
    '{{a.__proto__}}',
    '{{a.constructor.name}}',
    '{{toString}}',
    '{{a.toString}}',
    '{{list.constructor}}',
    '{{list.push}}',
    '{{text.constructor}}',
    '{{text.split}}',
    '{{lookup this "constructor"}}',
    '{{lookup (lookup this "constructor") "constructor"}}',
    '{{lookup a "__proto__"}}',
    '{{lookup list "length2"}}',
    '{{#with (lookup this "constructor")}}reached{{/with}}',
    '{{#with __proto__}}reached{{/with}}',
    '{{#each __proto__}}reached{{/each}}',
    '{{#constructor}}reached{{/constructor}}',
    '{{@root.constructor}}',
    '{{@constructor}}{{@__proto__}}{{@partial-block}}',
    '{{default (lookup this "valueOf") ""}}',
    '{{join (sortBy list "constructor.name") ""}}',
  ];
  for (const template of REACHES) {
    it(`finds nothing by ${template}`, async () => {
      const output = await rendered(template, { a: {}, list: [], text: 't' });
      expect(output).toBe('');
    });
  }

  it('prints own fields that are called like those of every object', async () => {
    const data = JSON.parse('{"__proto__": {"x": "own"}, "constructor": "c"}') as unknown;
    expect(await rendered('{{__proto__.x}}{{constructor}}', data)).toBe('ownc');
  });

  it('does not let a partial with named values pollute its context', async () => {
    const data = JSON.parse('{"__proto__": {"polluted": "yes"}}') as unknown;
    const partials = { p: '{{polluted}}{{a}}' };
    expect(await rendered('{{> p a=1}}', data, { partials })).toBe('1');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  const NO_HELPERS = [
    'constructor',
    '__proto__',
    'toString',
    'log',
    'helperMissing',
    'blockHelperMissing',
    'hasOwnProperty',
  ];
  for (const name of NO_HELPERS) {
    it(`has no helper "${name}"`, async () => {
      expect(await renderFailure(`{{${name} 1}}`)).toMatchObject({ code: 'TEMPLATE_UNKNOWN_HELPER' });
      expect(await renderFailure(`{{#${name} 1}}{{/${name}}}`)).toMatchObject({
        code: 'TEMPLATE_UNKNOWN_HELPER',
      });
    });
  }

  it('finds no partial by the name of something every object has', async () => {
    expect(await renderFailure('{{> constructor}}')).toMatchObject({ code: 'TEMPLATE_UNKNOWN_PARTIAL' });
    expect(await renderFailure('{{> (lookup this "n")}}', { n: '__proto__' })).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_PARTIAL',
    });
  });

  for (const template of [
    '{{* foo}}',
    '{{#* foo}}x{{/foo}}',
    '{{#*inline name}}x{{/inline}}',
    '{{* inline "a"}}',
  ]) {
    it(`refuses the decorator ${template}`, async () => {
      expect(await renderFailure(template)).toMatchObject({ code: 'TEMPLATE_SYNTAX' });
    });
  }

  it('never takes an object for a finished syntax tree (CVE-2026-33937)', async () => {
    const tree = { type: 'Program', body: [] } as unknown as string;
    expect(await renderFailure(tree)).toMatchObject({ code: 'TEMPLATE_INVALID' });
    expect(await renderFailure(12 as unknown as string)).toMatchObject({ code: 'TEMPLATE_INVALID' });
  });
});

describe('what would cost too much', () => {
  it('refuses a megabyte of mustaches before the parser sees it', async () => {
    expect(await renderFailure('{{a}}'.repeat(200_000))).toMatchObject({
      code: 'TEMPLATE_TOO_COMPLEX',
      details: { template: 'html', line: 1 },
    });
  });

  const DEEP: readonly (readonly [string, string])[] = [
    ['nested {{#if}}', '{{#if a}}'.repeat(20_000) + '{{/if}}'.repeat(20_000)],
    [
      'nested {{#if}} with closings hidden in comments',
      '{{#if a}}{{! {{/if}} }}{{!-- {{/if}} --}}'.repeat(20_000),
    ],
    ['nested {{^x}}', '{{^a}}'.repeat(20_000) + '{{/a}}'.repeat(20_000)],
    ['nested partial blocks', '{{#> a}}'.repeat(20_000) + '{{/a}}'.repeat(20_000)],
    ['chains of {{else if}}', `{{#if a}}${'{{else if b}}'.repeat(20_000)}{{/if}}`],
    ['parentheses', `{{add ${'(add 1 '.repeat(20_000)}1${')'.repeat(20_000)}}}`],
    ['arguments', `{{concat ${'a '.repeat(400_000)}}}`],
    ['path segments', `{{${'a.'.repeat(400_000)}b}}`],
  ];
  for (const [what, template] of DEEP) {
    it(`refuses endless ${what}`, async () => {
      expect(await renderFailure(template)).toMatchObject({ code: 'TEMPLATE_TOO_COMPLEX' });
    });
  }

  it('lets a large but sensible template through', async () => {
    const template = '{{#if a}}'.repeat(50) + '{{/if}}'.repeat(50) + '{{b}} text\n'.repeat(10_000);
    expect((await rendered(template, { b: 1 })).length).toBe(70_000);
    expect((await rendered('x'.repeat(10_000_000))).length).toBe(10_000_000);
  });

  it('names the partial that includes itself without an end', async () => {
    const error = await renderFailure('{{> tree}}', {}, { partials: { tree: '<li>{{> tree}}</li>' } });
    expect(error).toMatchObject({ code: 'TEMPLATE_TOO_COMPLEX', details: { template: 'tree', line: 1 } });
    expect(error.message).toContain('"tree"');
  });

  it('names one of two partials that include one another', async () => {
    const partials = { a: '{{> b}}', b: '{{> a}}' };
    expect(await renderFailure('{{> a}}', {}, { partials })).toMatchObject({ code: 'TEMPLATE_TOO_COMPLEX' });
  });

  it('renders a tree of partials that ends', async () => {
    const tree = (depth: number): unknown => ({ n: depth, kids: depth > 0 ? [tree(depth - 1)] : [] });
    const partials = { node: '{{n}}{{#each kids}}{{> node}}{{/each}}' };
    expect(await rendered('{{> node}}', tree(40), { partials })).toHaveLength(72);
  });

  it('ends blocks within recursive partials with an error, not with the stack', async () => {
    const blocks = '{{#with this}}'.repeat(190);
    const partials = { p: `${blocks}{{> p}}${'{{/with}}'.repeat(190)}` };
    expect(await renderFailure('{{> p}}', { a: 1 }, { partials })).toMatchObject({
      code: 'TEMPLATE_TOO_COMPLEX',
    });
  });

  it('stops at the limit of the output', async () => {
    const template =
      '{{#each (range 100000)}}{{#each (range 1000)}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{/each}}{{/each}}';
    expect(await renderFailure(template)).toMatchObject({ code: 'TEMPLATE_OUTPUT_TOO_LARGE' });
    expect(
      await renderFailure(
        '{{#each l}}{{> p}}{{/each}}',
        { l: [1, 2, 3] },
        {
          partials: { p: 'x'.repeat(500) },
          limits: { output: 1_000 },
        },
      ),
    ).toMatchObject({ code: 'TEMPLATE_OUTPUT_TOO_LARGE' });
  });

  it('counts the style sheet into the limit of the document', async () => {
    expect(
      await renderFailure('x'.repeat(600), {}, { css: 'y'.repeat(600), limits: { output: 1_000 } }),
    ).toMatchObject({
      code: 'TEMPLATE_OUTPUT_TOO_LARGE',
    });
  });

  it('reads deeply nested data', async () => {
    let data = '1';
    for (let i = 0; i < 10_000; i++) data = `{"a":${data}}`;
    const renderer = new DocumentRenderer(DEFAULT_RENDER_LIMITS);
    const document = await renderer.render({ ...renderJob('{{a.a.b}}ok'), data });
    expect(document.html).toContain('ok');
    await expect(renderer.render({ ...renderJob('{{json this}}'), data })).rejects.toMatchObject({
      code: 'TEMPLATE_TOO_COMPLEX',
    });
  });

  for (const template of [
    '{{pad "x" 100000000}}',
    '{{#each (range 100000000)}}{{/each}}',
    '{{number 1 1000}}',
  ]) {
    it(`refuses ${template}`, async () => {
      expect(await renderFailure(template)).toMatchObject({ code: 'TEMPLATE_HELPER_FAILED' });
    });
  }
});
