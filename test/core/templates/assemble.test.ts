import { describe, expect, it } from 'vitest';
import { assembleDocument } from '../../../core/templates/assemble.ts';
import { DocumentRenderer } from '../../../core/templates/render-document.ts';
import { DEFAULT_RENDER_LIMITS } from '../../../core/templates/render-protocol.ts';
import { renderJob } from '../../support/template-rendering.ts';

const S = '<style>p{}</style>';
const C = '<meta charset="utf-8">';
const D = '<!DOCTYPE html>';

const CASES: readonly (readonly [string, string, string])[] = [
  ['a bare fragment', '<h1>x</h1>', `${D}${C}${S}<h1>x</h1>`],
  ['plain text', 'hello', `${D}${C}${S}hello`],
  ['nothing', '', `${D}${C}${S}`],
  [
    'a whole document',
    '<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body></body></html>',
    `<!doctype html><html><head><meta charset=utf-8><title>t</title>${S}</head><body></body></html>`,
  ],
  [
    'a document without a head',
    '<html lang="de"><body>x</body></html>',
    `${D}<html lang="de">${C}${S}<body>x</body></html>`,
  ],
  ['a head without end tag', '<head><title>x</title><p>y', `${D}<head>${C}<title>x</title>${S}<p>y`],
  [
    '</head> in a comment',
    '<head><!-- </head> --><title>x</title></head>',
    `${D}<head>${C}<!-- </head> --><title>x</title>${S}</head>`,
  ],
  [
    '</head> in a script',
    '<head><script>"</head>"</script></head>',
    `${D}<head>${C}<script>"</head>"</script>${S}</head>`,
  ],
  [
    '</head> in a style',
    '<head><style>/* </head> */</style></head>',
    `${D}<head>${C}<style>/* </head> */</style>${S}</head>`,
  ],
  [
    '</head> in an attribute',
    '<head><meta content="</head>"></head>',
    `${D}<head>${C}<meta content="</head>">${S}</head>`,
  ],
  [
    'a comment before the doctype',
    '<!-- x --><!DOCTYPE html><head></head>',
    `<!-- x --><!DOCTYPE html><head>${C}${S}</head>`,
  ],
  [
    '<head> in the text',
    '<!doctype html><p>&lt;head> <head></p>',
    `<!doctype html>${C}${S}<p>&lt;head> <head></p>`,
  ],
  ['a header element', '<header>x</header>', `${D}${C}${S}<header>x</header>`],
  [
    'an old charset declaration',
    '<head><META http-equiv="Content-Type" content="text/html; charset=utf-8"></head>',
    `${D}<head><META http-equiv="Content-Type" content="text/html; charset=utf-8">${S}</head>`,
  ],
  ['a byte order mark', '\uFEFF<p>x</p>', `${D}${C}${S}<p>x</p>`],
  ['an unclosed comment', '<!-- x', `${D}${C}<!-- x${S}`],
  [
    'a template element',
    '<head><template></head></template></head>',
    `${D}<head>${C}<template></head></template>${S}</head>`,
  ],
];

describe('the document', () => {
  for (const [what, html, expected] of CASES) {
    it(`gets the style sheet into the head of ${what}`, () => {
      expect(assembleDocument(html, 'p{}')).toBe(expected);
    });
  }

  it('is not touched by an empty style sheet', () => {
    expect(assembleDocument(`${D}<head>${C}</head>`, undefined)).toBe(`${D}<head>${C}</head>`);
    expect(assembleDocument(`${D}<head>${C}</head>`, ' \n')).toBe(`${D}<head>${C}</head>`);
  });

  it('cannot be left through the style sheet', () => {
    const html = assembleDocument('', 'a{content:"</style><script>alert(1)</script>"}b{}</STYLE >');
    expect(html.match(/<\/style/gi)).toHaveLength(1);
    expect(html).toContain('<\\/style><script>');
  });

  it('reads a long broken head in linear time', () => {
    for (const html of [
      '<head>' + '<meta x="'.repeat(50_000),
      '<!--'.repeat(50_000),
      '<title>'.repeat(50_000),
      '<'.repeat(200_000),
    ]) {
      expect(assembleDocument(html, 'p{}')).toContain(S);
    }
  });
});

describe('the style sheet', () => {
  const css = async (source: string, data: unknown = {}): Promise<string> => {
    const renderer = new DocumentRenderer(DEFAULT_RENDER_LIMITS);
    const { html } = await renderer.render(renderJob('', data, { css: source }));
    return /<style>([^]*)<\/style>/.exec(html)?.[1] ?? '';
  };

  const UNTOUCHED = [
    '@media print{a{b:c}}',
    '@media print{@page{margin:1cm}a{b:c}}\n\n/* } }} */ a::after{content:"\\201C {"}',
    'a { b: c }\r\n\tb{}\r\n',
    '@supports (display:grid){@media print{a{b:c}}}',
    'a{content:"}}";background:url(data:image/svg+xml;utf8,<svg xmlns=\'x\'/>)}',
    'a>b{c:d&e}',
    'ü{content:"\u{1F600} ﷽"}',
  ];
  for (const source of UNTOUCHED) {
    it(`arrives byte for byte: ${JSON.stringify(source)}`, async () => {
      expect(await css(source)).toBe(source);
    });
  }

  it('takes values without HTML escaping', async () => {
    expect(await css('a{font-family:{{font}};color:{{color}}}b{}', { font: '"A & B"', color: '#123' })).toBe(
      'a{font-family:"A & B";color:#123}b{}',
    );
  });
});
