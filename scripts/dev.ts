/**
 * `npm run dev`: builds on every change; the Node host starts anew, the page changes in place. Arguments go to
 * `influxion serve`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { createServer } from 'vite';
import { headlessBundle, mainBundle, preloadBundle } from './bundles.ts';
import { build } from './build.ts';
import { DIST, HOST_ENTRY } from './layout.ts';
import { pageConfig } from './page.ts';

const HOST_URL = 'http://127.0.0.1:8787';

/** Runs one host at a time; a restart that is asked for while one is under way happens once, after it. */
function createHostRunner(args: readonly string[]) {
  let host: ChildProcess | undefined;
  let last = Promise.resolve();
  const stop = async (): Promise<void> => {
    if (host?.exitCode !== null || host.signalCode !== null) return;
    const exited = once(host, 'exit');
    host.kill('SIGTERM');
    await exited;
  };
  const restart = (): void => {
    last = last.then(stop).then(() => {
      host = spawn(process.execPath, ['--enable-source-maps', HOST_ENTRY, 'serve', '--drain', '1', ...args], {
        stdio: 'inherit',
      });
    });
  };
  return { restart, stop: () => last.then(stop) };
}

const afterBuild = (act: () => void): esbuild.Plugin => ({
  name: 'after-build',
  setup: (current) => {
    current.onEnd(({ errors }) => {
      if (errors.length === 0) act();
    });
  },
});

await build();
mkdirSync(DIST, { recursive: true });
const runner = createHostRunner(process.argv.slice(2));
const contexts = await Promise.all([
  esbuild.context({ ...headlessBundle(DIST), plugins: [afterBuild(runner.restart)] }),
  esbuild.context(mainBundle(DIST)),
  esbuild.context(preloadBundle(DIST)),
]);
await Promise.all(contexts.map((context) => context.watch()));

const page = pageConfig(DIST);
const server = await createServer({
  ...page,
  server: {
    host: '127.0.0.1',
    proxy: {
      '^/(studio/|docs|openapi.json)': {
        target: HOST_URL,
        changeOrigin: true,
        // The host answers its own page only, and here the page comes from Vite.
        configure: (proxy) => {
          proxy.on('proxyReq', (request) => request.removeHeader('origin'));
        },
      },
    },
  },
});
await server.listen();
console.log(`The page, changing with its sources: ${server.resolvedUrls?.local[0] ?? ''}`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void Promise.all([
      runner.stop(),
      server.close(),
      ...contexts.map((context) => context.dispose()),
    ]).finally(() => process.exit(0));
  });
}
