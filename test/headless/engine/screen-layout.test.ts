import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestEngine, type TestEngine } from '../../support/engine-folders.ts';
import { printRequest, svgAsset, wholePdf } from '../../support/engine-requests.ts';

let opened: TestEngine;

beforeAll(() => {
  opened = openTestEngine();
});

afterAll(() => opened.dispose());

/** The file without what tells when it was made. */
const timeless = (pdf: Uint8Array): string =>
  Buffer.from(pdf)
    .toString('latin1')
    .replaceAll(/D:\d{14}[+-]\d\d'\d\d'/g, 'D:');

const CSS = `
  @page { size: A5; margin: 15mm; @bottom-right { content: counter(page) " of " counter(pages) } }
  :root { display: block !important; color: #222 }
  section { break-after: page; columns: 2 }
  @media print { h1 { color: #0057b8 } }
  @media screen { h1 { color: red } }
`;
const text = 'Typesetting for print. '.repeat(200);
const body = `<h1 id="top">Title</h1><img src="logo.svg" alt="Logo" loading="lazy">
  <section>${text}</section><section><a href="#top">Up</a> ${text}</section><table><tr><td>1<td>2</table>`;
const html = (mark: string): string =>
  `<!doctype html><html lang="en"><head><title>T</title><style>${CSS}</style></head><body>${body}${mark}</body></html>`;

test.each([
  ['plain', {}],
  ['tagged with an outline', { tagged: true, outline: true }],
])('a document hidden on the screen prints to the very same file, %s', async (_how, settings) => {
  const assets = { 'logo.svg': svgAsset(80) };
  const print = async (mark: string): Promise<string> => {
    const { pdf, warnings } = await opened.engine.print(printRequest(html(mark), { assets, settings }));
    expect(warnings).toEqual([]);
    return timeless(await wholePdf(pdf));
  };
  // A comment that could be an escaped letter takes the way with a layout.
  expect(await print('<!-- plain -->')).toBe(await print('<!-- \\g -->'));
});
