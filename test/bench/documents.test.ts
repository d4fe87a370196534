/** The bench's figures are pages and documents a second: they mean nothing when a document is not what it claims. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PdfEngine } from '../../core/pdf/engine.ts';
import { countPagesOf } from '../../core/pdf/page-count.ts';
import { resolvePrintSettings } from '../../core/pdf/print-settings.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { loadBenchDocuments } from './documents/index.ts';
import { finishedHtml } from './finished-html.ts';
import { silentLogger } from './silent-logger.ts';

let cache: string;
let engine: PdfEngine;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'influxion-bench-documents-'));
  engine = createCdpEngine({
    cacheDir: cache,
    fontsDir: join(import.meta.dirname, '../../assets/fonts'),
    concurrency: 1,
    logger: silentLogger,
  });
});

afterAll(async () => {
  await engine.close();
  await rm(cache, { recursive: true, force: true });
});

test.each(await loadBenchDocuments())(
  '$name has the pages that it claims',
  async ({ name, pages }) => {
    const { html, assets } = await finishedHtml(name);
    const { pdf, warnings } = await engine.print({
      html,
      settings: resolvePrintSettings({}, { header: undefined, footer: undefined }),
      assets: (path) => assets.get(path),
      scripts: false,
      timeoutMs: 90_000,
      signal: AbortSignal.timeout(90_000),
    });
    const chunks: Uint8Array[] = [];
    if (pdf instanceof Uint8Array) chunks.push(pdf);
    else for await (const chunk of pdf) chunks.push(chunk);

    expect(warnings).toEqual([]);
    expect(await countPagesOf(Buffer.concat(chunks))).toBe(pages);
  },
  120_000,
);
