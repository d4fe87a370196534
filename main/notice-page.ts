/** Pages of our own making, for when the studio cannot be shown. Without scripts. */
import { InfluxionError } from '../core/error.ts';
import { RETRY_URL } from './window-guard.ts';

const STYLE = `
  :root { color-scheme: light dark }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; font: 13px/1.5 system-ui, sans-serif;
    color: light-dark(#1d1c1a, #ecebe7); background: light-dark(#f6f6f4, #1b1b1a) }
  main { max-width: 560px; padding: 24px }
  h1 { font-size: 18px; margin: 0 0 8px }
  a { display: inline-block; margin-top: 12px; padding: 5px 12px; border-radius: 6px; text-decoration: none;
    color: light-dark(#fff, #10142a); background: light-dark(#2b54c8, #8aa8ff) }
`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

function page(title: string, body: string): string {
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}

/** What a failed start looks like; `error` in the words that are for people. */
export function failurePage(error: unknown): string {
  const { message, details } = InfluxionError.from(error);
  return page(
    'Influxion could not start',
    '<h1>Influxion could not start</h1>' +
      `<p>${escape(message)}</p>` +
      (details.hint === undefined ? '' : `<p>${escape(details.hint)}</p>`) +
      '<p>Your templates and documents are untouched.</p>' +
      `<a href="${RETRY_URL}">Try again</a>`,
  );
}

/** The page of the studio ended again and again. */
export function crashedPage(): string {
  return page(
    'The studio stopped',
    '<h1>The studio stopped</h1>' +
      '<p>Its page ended unexpectedly, several times in a row. Jobs go on, and what was typed is saved.</p>' +
      `<a href="${RETRY_URL}">Show it again</a>`,
  );
}
