/** The product's sources for the vehicle: older targets, and shims in the place of what it lacks. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { build as buildPage, type InlineConfig, type Plugin } from 'vite';
import { preloadBundle, workerEntries } from '../../scripts/bundles.ts';
import { ROOT } from '../../scripts/layout.ts';
import { pageConfig } from '../../scripts/page.ts';

const SHIMS = path.join(import.meta.dirname, 'shims');
const require = createRequire(import.meta.url);

const shims: esbuild.Plugin = {
  name: 'vehicle',
  setup(build) {
    build.onResolve({ filter: /^electron$/ }, ({ importer }) =>
      importer.startsWith(SHIMS)
        ? { path: 'electron', external: true }
        : { path: path.join(SHIMS, 'electron.cjs') },
    );
    build.onResolve({ filter: /^node:sqlite$/ }, () => ({ path: path.join(SHIMS, 'sqlite.cjs') }));
    build.onResolve({ filter: /\/log-sync\.ts$/ }, () => ({ path: path.join(SHIMS, 'log-sync.cjs') }));
    // It looks for its wasm beside itself.
    build.onResolve({ filter: /^node-sqlite3-wasm$/ }, ({ path: name }) => ({
      path: require.resolve(name),
      external: true,
    }));
  },
};

/** Bundles for the main process and its workers; `entries` by the name of the output, paths from the root. */
export async function bundleForVehicle(
  out: string,
  entries: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(out, { recursive: true });
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    sourcemap: 'inline',
    keepNames: true,
    logLevel: 'warning',
    plugins: [shims],
    inject: [path.join(SHIMS, 'prelude.cjs')],
    define: {
      'process.env.NODE_ENV': '"production"',
      'import.meta.url': 'importMetaUrl__',
      'import.meta.dirname': '__dirname',
    },
    banner: { js: `const importMetaUrl__ = require('node:url').pathToFileURL(__filename).href;` },
  });
}

/** The whole app for the vehicle: main, its workers, the preload script, the page and what ships with it. */
export async function buildAppForVehicle(out: string): Promise<void> {
  const main = Object.entries({ main: 'main/main.ts', ...workerEntries(['core']) });
  await Promise.all([
    bundleForVehicle(out, Object.fromEntries(main.map(([name, file]) => [`dist/main/${name}`, file]))),
    esbuild.build({ ...preloadBundle(path.join(out, 'dist')), target: 'chrome108' }),
    buildPage(pageForVehicle(path.join(out, 'dist'))),
    mkdir(path.join(out, 'dist', 'docs'), { recursive: true }),
  ]);
  await symlink(path.join(ROOT, 'assets'), path.join(out, 'assets'));
  await writeAppFacts(out, 'dist/main/main.js');
}

const BEGINNINGS = ['/renderer/main.tsx', '/paint-worker.ts', '/pdf.worker.min.mjs'];

/** Before everything else of the page, and of the workers that read and draw PDFs. */
const pageShim: Plugin = {
  name: 'vehicle-page',
  transform: (code, id) =>
    BEGINNINGS.some((end) => id.endsWith(end)) ? `import '${path.join(SHIMS, 'page.js')}';\n${code}` : null,
};

const pageForVehicle = (out: string): InlineConfig => {
  const config = pageConfig(out);
  return {
    ...config,
    plugins: [...config.plugins, pageShim],
    worker: { ...config.worker, plugins: () => [pageShim] },
    build: { ...config.build, target: 'chrome108', chunkSizeWarningLimit: 100_000 },
  };
};

/** What the loader of the vehicle reads. */
export async function writeAppFacts(folder: string, main: string): Promise<void> {
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'influxion', version: '0.0.0', main }),
  );
}
