import { createTemplateRenderer } from '../../core/templates/worker-renderer.ts';
import { loadBenchDocument } from './documents/index.ts';
import type { FloorDocument } from './floor.ts';
import { silentLogger } from './silent-logger.ts';

/** The HTML that the product would print, made beforehand, so that the floor prints the same and nothing else. */
export async function finishedHtml(name: string): Promise<FloorDocument> {
  const document = await loadBenchDocument(name);
  const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
  try {
    const { html } = await renderer.render({
      sources: {
        html: document.html,
        css: document.css === '' ? undefined : document.css,
        header: undefined,
        footer: undefined,
        partials: {},
      },
      data: JSON.stringify(document.data),
      locale: 'en',
      timeZone: 'UTC',
      strict: false,
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(60_000),
    });
    return { html, assets: document.assets };
  } finally {
    await renderer.close();
  }
}
