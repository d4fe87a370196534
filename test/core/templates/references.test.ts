/** Page numbers in the text, tables of contents, and where elements come from, before any print. */
import { describe, expect, it } from 'vitest';
import { DocumentRenderer } from '../../../core/templates/render-document.ts';
import { DEFAULT_RENDER_LIMITS, type RenderJob } from '../../../core/templates/render-protocol.ts';
import { standStill, type PageNumbers } from '../../../core/templates/references/page-numbers.ts';
import type { RenderedDocument } from '../../../core/templates/renderer.ts';
import { renderFailure, renderJob, type RenderingOptions } from '../../support/template-rendering.ts';

const NONCHARACTERS = /[\uFDD0-\uFDD3]/;

function render(
  html: string,
  data: unknown = {},
  options: RenderingOptions & Partial<Pick<RenderJob, 'pageNumbers' | 'withPlaces'>> = {},
): Promise<RenderedDocument> {
  const { pageNumbers, withPlaces, ...rest } = options;
  const renderer = new DocumentRenderer(DEFAULT_RENDER_LIMITS);
  return renderer.render({ ...renderJob(html, data, rest), pageNumbers, withPlaces });
}

const told = (count: number, pages: Record<string, number>): PageNumbers => ({
  count,
  pages: new Map(Object.entries(pages)),
});

const listOf = (html: string): [string, string][] =>
  [...html.matchAll(/<a href="#([^"]*)"><span class="toc-title">(.*?)<\/span>.*?<\/a>/g)].map(
    ([, id = '', title = '']) => [id, title],
  );

describe('page numbers', () => {
  it('are asked for only by a document that shows them (a second print for nothing)', async () => {
    expect((await render('<h1 id="a">x</h1><a href="#a">x</a>')).references).toBeUndefined();
    expect((await render('{{pageOf "#a"}}{{pageOf "b"}}{{pageCount}}')).references).toEqual({
      named: ['a', 'b'],
      listed: [],
      count: true,
    });
  });

  it('are 1 before a print, what it told after it, and ? for what it did not find', async () => {
    const text = 'p {{pageOf "#a"}} {{pageOf "#b"}} of {{pageCount}}';
    expect((await render(text)).html).toContain('p 1 1 of 1');
    expect((await render(text, {}, { pageNumbers: told(9, { a: 7 }) })).html).toContain('p 7 ? of 9');
  });

  it('can be calculated with and stand in footers, too', async () => {
    const { html, footer, references } = await render(
      '{{add (pageOf (concat "s-" n)) 1}}',
      { n: 2 },
      {
        footer: '{{pageCount}}',
        pageNumbers: told(3, { 's-2': 4 }),
      },
    );
    expect(html).toContain('5');
    expect(footer).toBe('3');
    expect(references).toEqual({ named: ['s-2'], listed: [], count: true });
  });

  it('print nothing for an id that the data lacks, and refuse what cannot be one', async () => {
    expect((await render('[{{pageOf missing}}]')).html).toContain('[]');
    expect((await renderFailure('{{pageOf "#"}}')).code).toBe('TEMPLATE_HELPER_FAILED');
    expect((await renderFailure('{{toc depth=4}}')).message).toContain('from 1 to 3');
  });

  it('stand still only when every one that is shown is the one that was printed', () => {
    const asked = { named: ['a'], listed: ['b'], count: false };
    const found = told(2, { a: 1, b: 2 });
    expect(standStill(asked, undefined, found)).toBe(false);
    expect(standStill(asked, told(5, { a: 1, b: 2, c: 3 }), found)).toBe(true);
    expect(standStill({ ...asked, count: true }, told(5, { a: 1, b: 2 }), found)).toBe(false);
    expect(standStill(asked, told(2, { a: 1 }), found)).toBe(false);
    expect(standStill({ named: [], listed: [], count: true }, undefined, told(1, {}))).toBe(true);
  });
});

describe('a table of contents', () => {
  it('lists the headings that follow it, with their text, their ids or new ones, and their pages', async () => {
    const { html, references } = await render(
      '<h1>Cover</h1>{{toc}}<h1 class=a>One &amp; <em>only</em></h1><h2 id="two">Two<br>lines</h2><h3>Three</h3><h4>Four</h4>',
      {},
      { pageNumbers: told(3, { 'toc-heading-2': 2, two: 2, 'toc-heading-4': 3 }) },
    );
    expect(listOf(html)).toEqual([
      ['toc-heading-2', 'One &amp; only'],
      ['two', 'Two lines'],
      ['toc-heading-4', 'Three'],
    ]);
    expect(html).toContain('<h1 id="toc-heading-2" class=a>');
    expect(html).toContain('<span class="toc-page">3</span>');
    expect(references?.listed).toEqual(['toc-heading-2', 'two', 'toc-heading-4']);
    expect(html).not.toMatch(NONCHARACTERS);
  });

  it('lists the levels that it is asked for, and with all= those before it', async () => {
    const text = '<h1>A</h1><h2>B</h2>{{toc from=2 depth=1 all=true}}<h3>C</h3><h2>D</h2>';
    const { html } = await render(text);
    expect(listOf(html).map(([, title]) => title)).toEqual(['B', 'D']);
    expect(html).toContain('<li class="toc-1">');
  });

  it('takes no heading from comments, scripts and attributes, and no markup from titles', async () => {
    const { html } = await render(
      '{{toc}}<!-- <h1>no</h1> --><script>"<h1>no</h1>"</script><p title="<h1>no</h1>">x</p>' +
        '<h1>Yes<script>no</script><!-- no --> <a href="x">{{name}}</a></h1>',
      { name: '<b>&' },
    );
    expect(listOf(html).map(([, title]) => title)).toEqual(['Yes &lt;b&gt;&amp;']);
  });

  it('leaves out what is not printed once that is known', async () => {
    const text = '{{toc}}<h1 id="a">A</h1><h1 id="b" style="display:none">B</h1>';
    const { html, references } = await render(text, {}, { pageNumbers: told(1, { a: 1 }) });
    expect(listOf(html).map(([id]) => id)).toEqual(['a']);
    // Still asked for: it may be printed the next time.
    expect(references?.listed).toEqual(['a', 'b']);
  });

  it('is refused where none can be', async () => {
    const error = await renderFailure('<p>x', {}, { header: '{{toc}}' });
    expect([error.code, error.details.template]).toEqual(['TEMPLATE_HELPER_FAILED', 'header']);
  });

  it('links to ids of any letters', async () => {
    const { html, references } = await render('{{toc}}<h1 id="ü &quot;b&quot;">x</h1>');
    expect(listOf(html)[0]?.[0]).toBe('%C3%BC%20%22b%22');
    expect(references?.listed).toEqual(['ü "b"']);
  });
});

describe('the places of elements', () => {
  const PARTIALS = { row: '<tr>\n  <td>{{this}}</td>\n</tr>' };

  it('name text and line of the first start tag of each line, once for each time it is rendered', async () => {
    const { html, places } = await render(
      '<h1>A</h1>\n{{! note }}\n<table>\n  {{#each rows}}\n    {{> row}}\n  {{/each}}\n</table>\r\n<p><b>x</b></p>',
      { rows: [1, 2] },
      { partials: PARTIALS, withPlaces: true },
    );
    expect(places.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'template.html:1',
      'template.html:3',
      'partials/row.hbs:1',
      'partials/row.hbs:2',
      'partials/row.hbs:1',
      'partials/row.hbs:2',
      'template.html:8',
    ]);
    expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
    for (const { id } of places) expect(html).toContain(` id="${id}"`);
    expect(html).not.toMatch(NONCHARACTERS);
  });

  it('change nothing but ids (a preview that differs from the document)', async () => {
    const text =
      '<!doctype html><title>a < b</title><style>p>a{content:"<p>"}</style><script>"<p>"</script>\n<!-- <p> -->\n' +
      '<p class="{{c}}"\n  title=\'<p>\'>{{#upper}}<i>x</i>{{/upper}}</p>\n<h{{n}}>t</h{{n}}>\n' +
      '<div{{#if c}} hidden{{/if}}>\n{{{{raw}}}}<p>{{x}}</p>{{{{/raw}}}}\n{{#markdown}}*a* <p>{{/markdown}}\n' +
      '<textarea>\n<p>\n</textarea>\n<svg>\n<path d="M0"/>\n</svg>\n<img src=a.png/>\n<p\n>{{c}}{{">"}}';
    const data = { c: 'k', n: 1 };
    const plain = await render(text, data);
    const placed = await render(text, data, { withPlaces: true });
    expect(placed.html.replaceAll(/ id="influxion-place-\d+"/g, '')).toBe(plain.html);
    expect(placed.places.map(({ line }) => line)).toEqual([3, 6, 12, 15, 16]);
  });

  it('keep the id that an element has', async () => {
    const { html, places } = await render(
      '<p title="id=no" id={{x}}>a</p>\n<p id="">b</p>\n<p id="own">c</p>',
      {
        x: 'own',
      },
      { withPlaces: true },
    );
    expect(places.map(({ id, line }) => [id, line])).toEqual([
      ['own', 1],
      ['influxion-place-2', 2],
    ]);
    expect(html).toContain('<p id="own">c</p>');
  });

  it('are bounded, with every line among them', async () => {
    const { places, html } = await render(
      '{{#each (range 1 5000)}}<p>{{this}}</p>{{/each}}\n<p>last</p>',
      {},
      { withPlaces: true },
    );
    expect(places.length).toBeGreaterThan(500);
    expect(places.length).toBeLessThanOrEqual(1000);
    expect(places.at(-1)?.line).toBe(2);
    expect(html).not.toMatch(NONCHARACTERS);
  });

  it('are not in what a job prints', async () => {
    const { html, places } = await render('<p>x</p>');
    expect(places).toEqual([]);
    expect(html).not.toContain('influxion');
  });
});

describe('marks', () => {
  it('cannot be put in by data (markup that breaks out of an attribute)', async () => {
    const forged = ' \uFDD05:a\uFDD1 \uFDD21,3,0\uFDD3';
    const text = '<h1 title="{{x}}">{{toc}}</h1><h2>{{x}}</h2>';
    const { html, places } = await render(text, { x: forged }, { withPlaces: true });
    expect(html).toContain(`title="${forged}"`);
    expect(places).toHaveLength(1);
    expect(html.match(/<ol class="toc">/g)).toHaveLength(1);
  });
});

describe('data that is not JSON', () => {
  it('is shown at its line and column', async () => {
    const renderer = new DocumentRenderer(DEFAULT_RENDER_LIMITS);
    const job = { ...renderJob('x'), data: '{\n  "a": 1,\n  "b" 2\n}' };
    await expect(renderer.render(job)).rejects.toMatchObject({
      code: 'BAD_JSON',
      message: expect.stringMatching(/^Line 3 of the data: .*":"/) as string,
      details: { template: 'data', line: 3, column: 7, sourceLine: '  "b" 2' },
    });
  });
});
