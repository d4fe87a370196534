/** From an edit to the bytes of its PDF, through the studio's handlers: what the live preview adds to a print. */
import { openFinisher } from '../support/finisher.ts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PdfEngine } from '../../core/pdf/engine.ts';
import { createPipeline } from '../../core/document/pipeline.ts';
import { systemClock } from '../../core/ports.ts';
import { createPreviewHandlers } from '../../core/studio/preview-handlers.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { createTemplateRenderer } from '../../core/templates/worker-renderer.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { loadBenchDocument, type BenchDocument } from './documents/index.ts';
import { invoiceLines, invoiceTotals } from './documents/invoice-lines.ts';
import { benchCache } from './floor-browser.ts';
import type { Fact } from './report.ts';
import { silentLogger } from './silent-logger.ts';
import { percentile } from './statistics.ts';

const FONTS = join(import.meta.dirname, '../../assets/fonts');
const WARM_UP = 5;
/** Rows of the invoice that fill 100 pages. */
const HUNDRED_PAGES = 3_380;
/** Prints at once that the previews have to get past. */
const LOAD = 4;

async function hundredPages(): Promise<BenchDocument> {
  const invoice = await loadBenchDocument('invoice');
  const lines = invoiceLines(HUNDRED_PAGES);
  return { ...invoice, pages: 100, data: { ...invoice.data, lines, ...invoiceTotals(lines, 0.19) } };
}

async function install(folder: string, id: string, document: BenchDocument): Promise<void> {
  await mkdir(join(folder, id));
  await writeFile(join(folder, id, 'template.html'), document.html);
  await writeFile(join(folder, id, 'style.css'), document.css);
  for (const [path, { bytes }] of document.assets) await writeFile(join(folder, id, path), bytes);
}

/** `rounds` times twenty edits of one page, four of twenty pages, two of a hundred. */
export async function measurePreviews(rounds: number): Promise<Fact[]> {
  const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-preview-'));
  const engine = createCdpEngine({
    cacheDir: benchCache,
    fontsDir: FONTS,
    concurrency: 2,
    logger: silentLogger,
  });
  const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
  const library = createTemplateLibrary({ folder, logger: silentLogger });
  const finishing = openFinisher(folder, silentLogger);
  const deps = { engine, renderer, finisher: finishing.finisher, library, clock: systemClock };
  const handlers = createPreviewHandlers(deps);
  const { signal } = new AbortController();

  /** Milliseconds of each edit of the style sheet. */
  async function edits(id: string, document: BenchDocument, count: number): Promise<number[]> {
    const data = JSON.stringify(document.data);
    const times: number[] = [];
    for (let edit = 0; edit < count + WARM_UP; edit += 1) {
      const css = `${document.css}\np { --edit: ${edit}; }`;
      const started = performance.now();
      const { pages } = await handlers['preview.render'](
        { session: id, template_id: id, edits: { 'style.css': css }, data },
        { client: 'bench', signal },
      );
      if (edit >= WARM_UP) times.push(performance.now() - started);
      if (Math.abs(pages - document.pages) > document.pages / 20) {
        throw new Error(`${id} has ${pages} pages instead of ${document.pages}`);
      }
    }
    return times;
  }

  const fact = (what: string, times: readonly number[]): Fact => ({
    what: `preview: edit to PDF, ${what}, p50 / p95`,
    figure: `${percentile(times, 0.5).toFixed(0)} / ${percentile(times, 0.95).toFixed(0)} ms`,
  });
  try {
    const [one, twenty, hundred] = await Promise.all([
      loadBenchDocument('invoice'),
      loadBenchDocument('report'),
      hundredPages(),
    ]);
    await install(folder, 'one', one);
    await install(folder, 'twenty', twenty);
    await install(folder, 'hundred', hundred);
    const facts = [
      fact('1 page', await edits('one', one, rounds * 20)),
      fact('20 pages', await edits('twenty', twenty, rounds * 4)),
      fact('100 pages', await edits('hundred', hundred, rounds * 2)),
    ];
    const load = startLoad(createPipeline(deps), engine, twenty);
    facts.push(fact('1 page, while 20-page jobs print', await edits('one', one, rounds * 20)));
    await load.stop();
    return facts;
  } finally {
    await renderer.close();
    await finishing.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Jobs of 20 pages one after the other, more than the engine prints at once. */
function startLoad(
  run: ReturnType<typeof createPipeline>,
  engine: PdfEngine,
  { data }: BenchDocument,
): { stop(): Promise<void> } {
  let stopped = false;
  const signal = AbortSignal.timeout(10 * 60_000);
  const work = Array.from({ length: Math.max(LOAD, engine.concurrency * 2) }, async () => {
    while (!stopped) {
      await run({ html_template: { id: 'twenty' }, data }, { signal, onStage: () => undefined });
    }
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(work);
    },
  };
}
