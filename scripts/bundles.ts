/** What esbuild makes of main, preload and headless. Every dependency is bundled: nothing is resolved at run time. */
import { globSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { ROOT } from './layout.ts';

/** Some bundled CommonJS libraries call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE_IN_ESM = `import { createRequire as createRequire__ } from 'node:module'; const require = createRequire__(import.meta.url);`;

/**
 * zod exports the messages of fifty languages by one name, which esbuild cannot take apart (colinhacks/zod#6597): 370 kB
 * that nothing asks for.
 */
const onlyEnglishMessages: Plugin = {
  name: 'only-english-messages',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * An import of `node:http` reads all that it exports, among it the WebSocket that loads Node's whole client of undici: 20 ms of
 * every start and 4 MB. A `require` reads what is used.
 */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'http-by-require' } : undefined,
    );
    build.onLoad({ filter: /^/, namespace: 'http-by-require' }, () => ({
      contents: "module.exports = require('node:http');",
    }));
  },
};

const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  // V8 keeps the text of what it runs: without its white space the host is some megabytes smaller. Names stay, so that
  // a stack in a log can be read without the map; esbuild's `keepNames`, for the few that collide, tells V8 the name of a closure
  // each time that it is made, a twentieth of what finishing a document costs.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'linked',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [onlyEnglishMessages, httpByRequire],
} satisfies BuildOptions;

/** Worker threads are files of their own: `*-worker.ts` in a layer of the host becomes `*-worker.js` beside the host. */
export function workerEntries(layers: readonly string[]): Record<string, string> {
  const files = globSync(
    layers.map((layer) => `${layer}/**/*-worker.ts`),
    { cwd: ROOT },
  );
  const entries: Record<string, string> = {};
  for (const file of files) {
    const name = path.basename(file, '.ts');
    if (entries[name] !== undefined)
      throw new Error(`Two workers are named ${name}: ${entries[name]} and ${file}`);
    entries[name] = file;
  }
  return entries;
}

/**
 * The Node host. Code that several commands share goes into chunks beside the entries, all in one folder, so that
 * `new URL('./some-worker.js', import.meta.url)` holds from any of them.
 */
export const headlessBundle = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: { influxion: 'headless/launcher.ts', ...workerEntries(['core', 'headless']) },
  outdir: path.join(out, 'headless'),
  format: 'esm',
  splitting: true,
  banner: { js: REQUIRE_IN_ESM },
  // It is a folder of compressed browser files and is read from node_modules.
  external: ['@sparticuz/chromium'],
});

export const mainBundle = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: { main: 'main/main.ts', ...workerEntries(['core']) },
  outdir: path.join(out, 'main'),
  format: 'esm',
  banner: { js: REQUIRE_IN_ESM },
  external: ['electron'],
});

/** A sandboxed preload script is one CommonJS file (Electron, "Process Sandboxing"). */
export const preloadBundle = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: { preload: 'preload/preload.ts' },
  outdir: path.join(out, 'preload'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: ['electron'],
});
