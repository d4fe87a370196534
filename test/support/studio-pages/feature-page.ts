/** A page with one feature of the studio on it, served with the studio's calls, so that a screen is tested by itself. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { build } from 'vite';
import { loadPage, PAGE_CSP } from '../../../core/http/studio/studio-page.ts';
import { registerStudioRpc } from '../../../core/http/studio/studio-rpc-routes.ts';
import { InfluxionError } from '../../../core/error.ts';
import { StudioEventHub } from '../../../core/studio/event-hub.ts';
import { createStudioRouter, type StudioHandlers } from '../../../core/studio/router.ts';
import { pageConfig } from '../../../scripts/page.ts';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { recordingLogger } from '../http-logger.ts';

const RENDERER = path.join(import.meta.dirname, '../../../renderer');

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Influxion</title>
    <link rel="icon" href="data:," />
    <script type="module" src="./main.ts"></script>
  </head>
  <body><main id="root"></main></body>
</html>`;

/** Builds the page once for a test file. `main` is plain JavaScript; `@renderer/` leads to the renderer's modules. */
export async function buildFeaturePage(
  main: string,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'influxion-feature-'));
  const root = path.join(folder, 'source');
  await mkdir(root);
  await writeFile(path.join(root, 'index.html'), HTML);
  await writeFile(path.join(root, 'main.ts'), main);
  const config = pageConfig(folder);
  await build({
    ...config,
    root,
    resolve: {
      alias: [
        { find: /^@renderer\//, replacement: `${RENDERER}/` },
        // The page lies outside of the project, so its own imports are found from here.
        {
          find: /^(react|react-dom|zod|sonner)(\/.*)?$/,
          replacement: path.join(RENDERER, '../node_modules/$1$2'),
        },
      ],
    },
  });
  return {
    folder: path.join(folder, 'renderer'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface ServedFeature extends AsyncDisposable {
  readonly url: string;
  readonly events: StudioEventHub;
}

/** A call that no handler is given for is refused, and the test sees it on the screen. */
export async function serveFeature(
  folder: string,
  handlers: Partial<StudioHandlers>,
  /** 0 takes a free one. */
  port = 0,
): Promise<ServedFeature> {
  const app = fastify({ forceCloseConnections: true });
  const events = new StudioEventHub();
  const refused = Object.keys(studioRoutes).map((name) => [
    name,
    () => {
      throw new InfluxionError('NOT_FOUND', `The test does not expect ${name}.`);
    },
  ]);
  const all = { ...(Object.fromEntries(refused) as unknown as StudioHandlers), ...handlers };
  const router = createStudioRouter(all, recordingLogger([]));
  await app.register(
    (scope) => {
      registerStudioRpc(scope, { router, events });
      return Promise.resolve();
    },
    { prefix: '/studio' },
  );
  const files = await loadPage(folder);
  app.get('/*', async (request, reply) => {
    const file = files.get(request.url);
    if (file === undefined) return reply.code(404).send();
    return reply
      .header('content-security-policy', PAGE_CSP)
      .type(file.mimeType)
      .send(await file.read());
  });
  const url = await app.listen({ host: '127.0.0.1', port });
  return { url, events, [Symbol.asyncDispose]: () => app.close() };
}
