/** `/openapi.json`, and `/docs`: the same as a page made by Redoc, whole from this host. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { InfluxionError } from '../../error.ts';
import { sendText } from '../json-reply.ts';
import { buildOpenApi } from '../openapi/openapi.ts';
import type { RouteContext } from './route-context.ts';

const BUNDLE = 'redoc.standalone.js';

/** Redoc injects its styles (styled-components) and searches in a worker from a blob; nothing comes from elsewhere. */
const DOCS_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Influxion API</title>
<link rel="icon" href="data:,">
<style>body { margin: 0; font-family: system-ui, sans-serif }</style>
</head>
<body>
<div id="reference"></div>
<noscript><p>This page needs scripts. The same as a file: <a href="/openapi.json">openapi.json</a></p></noscript>
<script src="/docs/${BUNDLE}"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const FONTS = 'system-ui, -apple-system, "Segoe UI", sans-serif';

const START = `Redoc.init('/openapi.json', ${JSON.stringify({
  hideDownloadButtons: false,
  nativeScrollbars: true,
  expandResponses: '200,202',
  theme: {
    typography: {
      fontFamily: FONTS,
      headings: { fontFamily: FONTS },
      code: { fontFamily: 'ui-monospace, Consolas, monospace' },
    },
  },
})}, document.getElementById('reference'));
`;

export function registerDocsRoutes(app: FastifyInstance, { version, docsFolder }: RouteContext): void {
  let document: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(buildOpenApi(version));
    return sendText(reply, 200, 'application/json', document);
  });

  app.get('/docs', (_request, reply) => {
    void reply.header('content-security-policy', DOCS_CSP);
    return sendText(reply, 200, 'text/html; charset=utf-8', PAGE);
  });

  app.get('/docs/start.js', (_request, reply) =>
    sendText(reply, 200, 'text/javascript; charset=utf-8', START),
  );

  app.get(`/docs/${BUNDLE}`, async (_request, reply) => {
    const script = docsFolder === undefined ? undefined : await readBundle(docsFolder);
    if (script === undefined) {
      throw new InfluxionError('NOT_FOUND', 'The reference page is not part of this installation.', {
        hint: 'Its content is at /openapi.json.',
      });
    }
    void reply.header('cache-control', 'private, max-age=3600');
    return sendText(reply, 200, 'text/javascript; charset=utf-8', script);
  });
}

/** Redoc's mark at the foot of its menu is the one thing that it loads from elsewhere. */
const REMOTE_IMAGE = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NO_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

async function readBundle(folder: string): Promise<string | undefined> {
  try {
    const script = await readFile(path.join(folder, BUNDLE), 'utf8');
    return script.replaceAll(REMOTE_IMAGE, NO_IMAGE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
