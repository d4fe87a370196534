/** How Vite makes the studio's page, for the build and for `npm run dev`. */
import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';
import { ROOT } from './layout.ts';

export const pageConfig = (out: string) =>
  ({
    root: path.join(ROOT, 'renderer'),
    configFile: false,
    plugins: [react()],
    logLevel: 'warn',
    build: {
      outDir: path.join(out, 'renderer'),
      emptyOutDir: true,
      target: 'es2024',
      // Chromium is the oldest engine that must take it, and the polyfill would be an inline script, which the CSP forbids.
      modulePreload: { polyfill: false },
      // Inlined files would be data: URLs in style sheets.
      assetsInlineLimit: 0,
    },
  }) satisfies InlineConfig;
