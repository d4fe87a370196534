/** What stands at `/` for a browser that has not signed in: how to get in. No script, no data. */

/** Only its own style. */
export const SIGN_IN_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; --text: #1c2024; --quiet: #565d66; --ground: #f6f7f8; --paper: #fff; --line: #d9dde2; }
@media (prefers-color-scheme: dark) {
  :root { --text: #eceef1; --quiet: #a9b1ba; --ground: #16181b; --paper: #1f2226; --line: #373c43; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text);
  font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 1rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: 8px; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
p { margin: .75rem 0 0; }
code { display: block; margin-top: .5rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 4px;
  font: 13px ui-monospace, monospace; }
.quiet { color: var(--quiet); }
a { color: inherit; }`;

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Influxion</title>
<link rel="icon" href="data:,">
${head}<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;

const HOW = `<p>In a terminal on this computer, print a link that opens the studio:</p>
<code>npx influxion studio</code>
<p class="quiet">A link works once and for ten minutes. Programs need none of this: they use the API with an access token,
see <a href="/docs">the reference</a>.</p>`;

/** Nobody has signed in with this browser, or Influxion was started anew since. */
export const SIGN_IN_PAGE = page(
  'Sign in',
  '',
  `<p>The studio is open to the person who started Influxion.</p>\n${HOW}`,
);

/** The link was used before, is too old or of another start. */
export const STALE_LINK_PAGE = page(
  'This link does not work any more',
  '',
  `<p>It was used already, is older than ten minutes, or Influxion was started anew since.</p>\n${HOW}`,
);

/**
 * A link that was followed from a page of another site: the browser holds a strict cookie back from a redirect that
 * began there, so this page, which is our own, sends it on.
 */
export const WELCOME_PAGE = page(
  'You are signed in',
  '<meta http-equiv="refresh" content="0; url=/">\n',
  '<p><a href="/">Open the studio</a></p>',
);
