/** `npm run build`: makes dist/ from the sources. */
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { build as buildPage } from 'vite';
import { headlessBundle, mainBundle, preloadBundle } from './bundles.ts';
import { BUILD_STAMP, DIST, ROOT } from './layout.ts';
import { pageConfig } from './page.ts';

/** The viewer of `/docs`, which has to work offline, and its licence. */
async function copyReference(out: string): Promise<void> {
  const from = path.join(ROOT, 'node_modules', 'redoc', 'bundles');
  const folder = path.join(out, 'docs');
  await mkdir(folder, { recursive: true });
  for (const name of ['redoc.standalone.js', 'redoc.standalone.js.LICENSE.txt']) {
    await copyFile(path.join(from, name), path.join(folder, name));
  }
}

/** PDFium, which its worker reads from beside itself. */
async function copyPdfium(out: string): Promise<void> {
  const file = path.join(ROOT, 'node_modules', '@hyzyla', 'pdfium', 'dist', 'pdfium.wasm');
  for (const layer of ['headless', 'main']) {
    await mkdir(path.join(out, layer), { recursive: true });
    await copyFile(file, path.join(out, layer, 'pdfium.wasm'));
  }
}

/**
 * Makes everything; throws when a source does not build. The new output takes the place of the old one when it is
 * complete, so a running program never meets half a build.
 */
export async function build(): Promise<void> {
  const out = `${DIST}-${String(process.pid)}`;
  try {
    const parts = await Promise.allSettled([
      ...[headlessBundle(out), mainBundle(out), preloadBundle(out)].map((options) => esbuild.build(options)),
      buildPage(pageConfig(out)),
      copyReference(out),
      copyPdfium(out),
    ]);
    const failed = parts.find((part) => part.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await writeFile(path.join(out, BUILD_STAMP), '');
    await rm(DIST, { recursive: true, force: true });
    await rename(out, DIST);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const started = performance.now();
  try {
    await build();
    console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    // esbuild and Vite have printed what is wrong and where.
    console.error(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
