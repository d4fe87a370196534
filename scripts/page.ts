/** How Vite makes the studio's page, for the build and for `npm run dev`. */
import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig, Plugin } from 'vite';
import { ROOT } from './layout.ts';

/** Nothing is painted before the script has chosen the theme, so that a dark studio does not start with a white page. */
const paintAfterScript: Plugin = {
  name: 'paint-after-script',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
};

export const pageConfig = (out: string) =>
  ({
    root: path.join(ROOT, 'renderer'),
    configFile: false,
    plugins: [react(), paintAfterScript],
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: path.join(out, 'renderer'),
      emptyOutDir: true,
      target: 'es2024',
      // Chromium is the oldest engine that must take it, and the polyfill would be an inline script, which the CSP forbids.
      modulePreload: { polyfill: false },
      // Inlined files would be data: URLs in style sheets.
      assetsInlineLimit: 0,
      // Monaco and pdf.js are as large as they are; a test holds what the first paint waits for.
      chunkSizeWarningLimit: 10_000,
    },
  }) satisfies InlineConfig;
