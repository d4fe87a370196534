/** One template with all kinds of files, and a preview that is always the same PDF. */
import type { TemplateFile } from '../../contract/studio/templates.ts';
import type { StudioHandlers } from '../../core/studio/router.ts';

const FILES: readonly (readonly [string, TemplateFile['kind'], string])[] = [
  [
    'template.html',
    'html',
    `<header>
  <img src="assets/logo.svg" alt="{{seller.name}}">
  <h1>Invoice {{number}}</h1>
</header>
<table>
  <thead><tr><th>Item</th><th>Quantity</th><th>Amount</th></tr></thead>
  <tbody>
  {{#each lines}}
    <tr><td>{{name}}</td><td>{{quantity}}</td><td>{{amout}}</td></tr>
  {{/each}}
  </tbody>
</table>
{{> totals}}
`,
  ],
  ['style.css', 'css', '@page { size: A4; margin: 20mm }\nh1 { font-size: 20pt }\n'],
  ['partials/totals.hbs', 'partial', '<p>Total {{total}}</p>\n'],
  [
    'samples/default.json',
    'sample',
    JSON.stringify(
      {
        number: '2026-0117',
        seller: { name: 'Nordlicht Studio' },
        lines: [{ name: 'Brand workshop', quantity: 1, amount: 2400 }],
        total: 2400,
      },
      null,
      2,
    ),
  ],
];

export function templateHandlers(pdf: Uint8Array<ArrayBuffer>): Partial<StudioHandlers> {
  const files: TemplateFile[] = FILES.map(([path, kind, text]) => ({
    path,
    kind,
    text,
    size: text.length,
    revision: '1',
  }));
  return {
    'templates.open': ({ id }) => ({
      summary: {
        id,
        name: 'Invoice',
        description: 'Lines, taxes and totals, with a payment code.',
        samples: ['default'],
        updated_at: '2026-11-23T10:00:00.000Z',
        problem: null,
      },
      files,
    }),
    'templates.helpers': () => ({
      helpers: [
        {
          name: 'currency',
          signature: 'currency value [code]',
          summary: 'Money as written in the locale.',
          example: '{{currency 2400 "EUR"}}',
          result: '€2,400.00',
          isBlock: false,
        },
        {
          name: 'each',
          signature: '#each list',
          summary: 'Once for each entry.',
          example: '{{#each lines}}{{name}}{{/each}}',
          result: 'Brand workshop',
          isBlock: true,
        },
      ],
    }),
    'templates.write': () => ({ revision: '2' }),
    'history.list': () => ({ snapshots: [] }),
    'preview.render': () => ({
      bytes: pdf,
      pages: 1,
      places: [],
      warnings: [],
      conformance: [],
      timings_ms: { render: 2.4, print: 11.8, conform: 0, total: 15.1 },
      passes: 1,
    }),
    'preview.close': () => ({}),
  };
}
