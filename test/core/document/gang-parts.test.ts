/** What may be printed together, by its HTML and CSS alone. A rule that is missing here puts one customer's text on another's page. */
import { describe, expect, it } from 'vitest';
import { namedPage, splitCss } from '../../../core/document/gang/page-rules.ts';
import { rowParts } from '../../../core/document/gang/row-parts.ts';

const page = (css: string) => {
  const split = splitCss(css);
  return split && namedPage(split.pages);
};

const html = (css: string, body = '<p>Text', head = ''): string =>
  `<!doctype html><html lang="en"><head><title>T</title>${head}<style>${css}</style></head><body>${body}</body></html>`;

const reason = (css: string, body?: string, head?: string): string => {
  const parts = rowParts(html(css, body, head));
  return typeof parts === 'string' ? parts : '';
};

describe('rules of the page', () => {
  it('are taken out of the style sheet, whatever stands in strings and comments', () => {
    const css =
      '/* @page { } */ p::before { content: "@page { }" } @page { size: A4; @top-left { content: "}" } } b { color: red }';
    const split = splitCss(css);
    expect(split?.pages).toEqual([{ selector: '', block: ' size: A4; @top-left { content: "}" } ' }]);
    expect(split?.rest.replaceAll(/\s+/g, ' ')).toBe(' p::before { content: "@page { }" } b { color: red }');
  });

  it('of the first page come last, as they weigh more', () => {
    const named = page('@page :first { margin: 1mm } @page { margin: 2mm } @page :left { margin: 3mm }');
    expect(named?.css('x')).toBe('@page x { margin: 2mm }\n@page x { margin: 1mm }');
    expect(named?.isOnePage).toBe(true);
  });

  it('count one page of one, but not within strings', () => {
    const named = page(
      '@page { @bottom-left { content: "counter(page) " counter(page) "/" counter( PAGES ) } }',
    );
    expect(named?.css('x')).toContain(
      'content: "counter(page) " counter(page, influxion-one) "/" counter(PAGES, influxion-one)',
    );
    expect(named?.text).toBe('counter(page)  1 / 1');
  });

  it('show what the last rule of a margin box says, unescaped', () => {
    const named = page(
      String.raw`@page { @top-left { content: "hidden" } @top-right { content: "a\A b\"\20AC" } } @page :first { @top-left { content: none } }`,
    );
    expect(named?.text).toBe('a\nb"€');
  });

  it.each([
    '@page cover { margin: 0 }',
    '@page { @top-left { content: string(title) } }',
    '@page { @top-left { content: counter(page, lower-roman) } }',
    '@page :first, :left { margin: 0 }',
  ])('that say more are refused: %s', (css) => {
    expect(page(css)).toBeUndefined();
  });

  it.each(['p { color: red', 'p { } }', '/* open', '@page { margin: 0'])(
    'that do not end are refused: %s',
    (css) => {
      expect(page(css)).toBeUndefined();
    },
  );
});

describe('documents that can be printed together', () => {
  it('share what is not of their own: title, author, what the margins say', () => {
    const one = rowParts(
      html(
        '@page { @top-left { content: "One" } } p { color: red }',
        '<p>1',
        '<meta name="author" content="a">',
      ),
    );
    const two = rowParts(
      html(
        '@page { @top-left { content: "Two" } } p { color: red }',
        '<p>2',
        '<meta name="author" content="b">',
      ),
    );
    if (typeof one === 'string' || typeof two === 'string') throw new Error('refused');
    expect(one.key).toBe(two.key);
    expect(one.shell).toContain('<title>-</title>');
  });

  it('do not differ in their style sheet, language, page or rare characters', () => {
    const key = (css: string, body?: string): string => {
      const parts = rowParts(html(css, body));
      return typeof parts === 'string' ? parts : parts.key;
    };
    const keys = [
      key('p { color: red }'),
      key('p { color: blue }'),
      key('@page { size: A5 }'),
      key('p { color: red }', '<p>漢'),
      key('p { color: red }', '<p>&#x6f22;'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(key('p { color: red }', '<p>Łódź – 5 €')).toBe(keys[0]);
  });

  it.each([
    ['header { position: fixed }', /every page/],
    ['h1 { string-set: title content() }', /running/],
    ['h2 { counter-increment: chapter }', /counts/],
    ['.cover { page: cover }', /names pages/],
    ['p { height: 50vh }', /by the page/],
    ['@media print { p { color: red } }', /at-rules/],
    ['@import "x.css";', /at-rules/],
    ['q::before { content: open-quote }', /quotation/],
    ['body { background: red }', /"background" of body/],
    [':root { padding: 1cm }', /"padding" of :root/],
    ['* { position: relative }', /"position" of \*/],
    ['html:has(p) p { color: red }', /selector/],
    ['body:first-of-type p { color: red }', /selector/],
    ['body + body { color: red }', /selector/],
    ['html > body { color: red }', /selector/],
    ['p { color: re\\64 }', /escapes/],
    ['a { & b { color: red } }', /nested/],
    ['p { anchor-name: --a }', /others/],
  ] as const)('are none with this style: %s', (css, why) => {
    expect(reason(css)).toMatch(why);
  });

  it.each([
    ['<a href="#there">x</a>', /within itself/],
    ['<svg><rect fill="url(#g)"/></svg>', /within itself/],
    ['<label for="a">x</label>', /within itself/],
    ['<td headers="h">x</td>', /within itself/],
    ['<script>1</script>', /whole print/],
    ['<style>p { color: red }</style>', /whole print/],
    ['<iframe></iframe>', /whole print/],
    ['<body class="x">', /whole print/],
    ['<p style="position:fixed">x</p>', /every page/],
    ['<p style="position&#58;fixed">x</p>', /character references/],
    ['</body><p>behind', /behind/],
  ] as const)('are none with this body: %s', (body, why) => {
    expect(reason('', body)).toMatch(why);
  });

  it('are none whose head brings more than styles', () => {
    expect(reason('', undefined, '<link rel="stylesheet" href="a.css">')).toMatch(/<link>/);
    expect(reason('', undefined, '<base href="/x">')).toMatch(/<base>/);
    expect(rowParts('<p>no body tag')).toMatch(/head has <p>/);
  });
});
