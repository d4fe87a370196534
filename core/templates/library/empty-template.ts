/** What a new template begins with: a page that prints, with each kind of file once. */
import type { NewFile } from './template-install.ts';

const HTML = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{{title}}</title>
</head>
<body>
  <header>
    <p>{{sender.name}}<br>{{sender.street}}<br>{{sender.city}}</p>
    <p>{{date written "long"}}</p>
  </header>

  <main>
    <h1>{{title}}</h1>
    {{markdown text}}

    {{#if items}}
      <table>
        <thead>
          <tr><th>Item</th><th class="number">Amount</th></tr>
        </thead>
        <tbody>
          {{#each items}}
            {{> row currency=../currency}}
          {{/each}}
        </tbody>
        <tfoot>
          <tr><td>Total</td><td class="number">{{currency (sum items "amount") currency}}</td></tr>
        </tfoot>
      </table>
    {{/if}}
  </main>
</body>
</html>
`;

const ROW = `<tr><td>{{name}}</td><td class="number">{{currency amount currency}}</td></tr>
`;

const CSS = `@page {
  size: A4;
  margin: 25mm 22mm 28mm 25mm;
  font: 8pt/1.5 Inter, Arial, sans-serif;
  color: #5d6068;

  @bottom-right { content: counter(page) " / " counter(pages); }
}

:root {
  --accent: #1f5f8b;
  --ink: #17181c;
  --soft: #5d6068;
  --line: #d8d9dd;
}

* { box-sizing: border-box; }
/* Without ligatures every reader can search and copy every letter. */
html { font: 10.5pt/1.55 Inter, Arial, sans-serif; font-variant-ligatures: none; color: var(--ink); print-color-adjust: exact; }
body, h1, p { margin: 0; }

header { display: flex; justify-content: space-between; margin-bottom: 24mm; font-size: 9pt; color: var(--soft); }

h1 { font-size: 20pt; line-height: 1.25; font-weight: 600; color: var(--accent); margin-bottom: 8mm; text-wrap: balance; }
main p { margin-bottom: 0.8em; orphans: 3; widows: 3; }

table { width: 100%; border-collapse: collapse; margin-top: 8mm; }
th { text-align: left; font-weight: 500; font-size: 9pt; color: var(--soft); border-bottom: 0.3mm solid var(--ink); }
th, td { padding: 1.8mm 0; }
tr { break-inside: avoid; }
td { border-bottom: 0.2mm solid var(--line); }
tfoot td { font-weight: 600; border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

const sample = (name: string): unknown => ({
  title: name,
  written: '2026-01-15',
  sender: { name: 'Your company', street: '1 Example Street', city: '12345 Example Town' },
  text: 'This is the text of the document. Change it in the **data**, and its look in the template and the style sheet.',
  currency: 'EUR',
  items: [
    { name: 'First item', amount: 120 },
    { name: 'Second item', amount: 79.5 },
  ],
});

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

export function emptyTemplate(name: string): NewFile[] {
  const files: Readonly<Record<string, string>> = {
    'template.html': HTML,
    'style.css': CSS,
    'partials/row.hbs': ROW,
    'samples/default.json': json(sample(name)),
    'influxion.json': json({ name, options: { locale: 'en-GB' } }),
  };
  return Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
}
