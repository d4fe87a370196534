/** One feature of the studio on a page in a real browser: what a test of a screen opens, and what the browser complains about. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import type { StudioHandlers } from '../../../core/studio/router.ts';
import { openTestBrowser } from '../browser.ts';
import { buildFeaturePage, serveFeature, type ServedFeature } from './feature-page.ts';

const PICTURES = path.join(import.meta.dirname, '../../../.cache/e2e/pictures');

/** Renders `component` of `module` (below the renderer) with `props` (JavaScript) on a page of its own. */
const mainOf = (module: string, component: string, props: string): string => `
  import { createElement as h } from 'react';
  import { createRoot } from 'react-dom/client';
  import { z } from 'zod';
  import { ${component} } from '@renderer/${module}';
  import { HostProvider } from '@renderer/host/host-context.tsx';
  import { createRpcHost } from '@renderer/host/rpc.ts';
  import { startTheme } from '@renderer/ui/theme.ts';
  import { Toaster } from '@renderer/ui/toast.tsx';
  import '@renderer/ui/tokens.css';
  import '@renderer/ui/base.css';
  z.config({ jitless: true });
  startTheme();
  const root = document.getElementById('root');
  root.style.height = '100vh';
  root.style.overflow = 'auto';
  root.style.background = 'var(--surface)';
  createRoot(root).render(
    h(HostProvider, { value: createRpcHost('test') }, 
      h('h1', { className: 'visually-hidden' }, 'Influxion'), h(${component}, ${props}), h(Toaster)),
  );
`;

export interface OpenFeature extends AsyncDisposable {
  readonly page: Page;
  readonly served: ServedFeature;
  /** Errors of the page and violations of its policy. */
  readonly complaints: string[];
  picture(name: string): Promise<unknown>;
}

export interface FeatureBrowser extends AsyncDisposable {
  open(handlers: Partial<StudioHandlers>, options?: OpenOptions): Promise<OpenFeature>;
}

export interface OpenOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

export async function openFeatureBrowser(
  module: string,
  component: string,
  props = '{}',
): Promise<FeatureBrowser> {
  // As in `npm run build`: vitest sets another one, which makes another React.
  vi.stubEnv('NODE_ENV', 'production');
  await mkdir(PICTURES, { recursive: true });
  const [browser, built] = await Promise.all([
    openTestBrowser(),
    buildFeaturePage(mainOf(module, component, props)),
  ]);
  return {
    async open(handlers, { scheme = 'light', width = 1280, height = 800 } = {}) {
      const served = await serveFeature(built.folder, handlers);
      const context = await browser.browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy|Warning:/.test(message.text())) complaints.push(message.text());
      });
      await page.goto(served.url);
      return {
        page,
        served,
        complaints,
        picture: (name) => page.screenshot({ path: path.join(PICTURES, `${name}.png`) }),
        async [Symbol.asyncDispose]() {
          await context.close();
          await served[Symbol.asyncDispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await browser[Symbol.asyncDispose]();
      await built.remove();
    },
  };
}
