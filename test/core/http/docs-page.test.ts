import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTestBrowser } from '../../support/browser.ts';
import { openHttpWorld } from '../../support/http-world.ts';

const BUNDLES = path.dirname(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'));

describe('the page at /docs in a real browser', () => {
  it('shows the reference, asks no other host for anything and breaks none of its own rules', async () => {
    await using world = await openHttpWorld({ docsFolder: BUNDLES });
    await using test = await openTestBrowser();
    const page = await test.browser.newPage();
    const foreign: string[] = [];
    const faults: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(world.url))
        foreign.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${world.url}/docs`);
    await page.locator('h2', { hasText: 'Download PDF' }).first().waitFor({ state: 'attached' });
    expect(await page.getByText('html_template').count()).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
    expect(faults).toEqual([]);
  });
});
