/** Pages of our own making, for when there is no host to ask: starting, and what went wrong. Without scripts. */
import { HostFailure } from './host-process.ts';
import { RETRY_URL } from './window-guard.ts';

const STYLE = `
  :root { color-scheme: light dark }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; font: 13px/1.5 system-ui, sans-serif;
    color: light-dark(#1d1c1a, #ecebe7); background: light-dark(#f6f6f4, #1b1b1a) }
  main { max-width: 560px; padding: 24px }
  h1 { font-size: 18px; margin: 0 0 8px }
  pre { max-height: 240px; overflow: auto; padding: 12px; border: 1px solid light-dark(#dad8d2, #373633); border-radius: 6px;
    font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere }
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

export const startingPage = (): string => page('Influxion', '<p role="status">Starting Influxion …</p>');

/** What the log says for people: its lines of JSON are for programs. */
const readable = (output: string): string =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('{'))
    .slice(-20)
    .join('\n');

export function failurePage(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const output = error instanceof HostFailure ? readable(error.output) : '';
  return page(
    'Influxion could not start',
    '<h1>Influxion could not start</h1>' +
      `<p>The part that makes the documents does not run. ${escape(reason)}</p>` +
      (output === '' ? '' : `<p>It said:</p><pre>${escape(output)}</pre>`) +
      '<p>Your templates and documents are untouched. If another Influxion is running, end it, then try again.</p>' +
      `<a href="${RETRY_URL}">Try again</a>`,
  );
}

export function endedPage(code: number): string {
  return page(
    'Influxion stopped',
    '<h1>Influxion stopped</h1>' +
      `<p>The part that makes the documents ended unexpectedly, with exit code ${code}. ` +
      'Jobs that were running are taken up again at the next start.</p>' +
      `<a href="${RETRY_URL}">Start again</a>`,
  );
}
