/** A real data folder with a real queue and batches on it; the pipeline stands in for the browser unless another is given. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch, BatchRequest } from '../../contract/batch.ts';
import { batchFolders } from '../../core/batch/batch-folders.ts';
import {
  createBatchService,
  type BatchService,
  type BatchServiceDeps,
} from '../../core/batch/batch-service.ts';
import { createPinnedTemplates, withPinned } from '../../core/batch/pin/pinned-templates.ts';
import type { Caller } from '../../core/jobs/job-service.ts';
import type { RunPipeline } from '../../core/jobs/pipeline.ts';
import { systemClock } from '../../core/ports.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import type { EditableLibrary, TemplateFinder } from '../../core/templates/template.ts';
import { openWorld, pdfOf, silentLogger, type JobWorld, type WorldOptions } from './job-world.ts';

export const OWNER: Caller = { clientId: 'owner', admin: true };

export interface BatchWorld extends AsyncDisposable {
  readonly folder: string;
  readonly jobs: JobWorld;
  readonly library: EditableLibrary;
  readonly batches: BatchService;
  start(request: Partial<BatchRequest>, caller?: Caller): Promise<Batch>;
  /** Resolves when the batch is in one of the states. */
  until(id: number, ...states: Batch['state'][]): Promise<Batch>;
  close(): Promise<void>;
}

export type BatchWorldOptions = Omit<WorldOptions, 'run'> & {
  readonly run?: (library: TemplateFinder) => RunPipeline;
  readonly batch?: Partial<BatchServiceDeps>;
};

/** One page that says what the template and its data are. */
const printData =
  (library: TemplateFinder): RunPipeline =>
  async (request, { onStage }) => {
    onStage('render');
    const { html } = await library.load(request.html_template.id ?? '');
    onStage('print');
    return { pdf: pdfOf(`${html} ${JSON.stringify(request.data)}`), warnings: [], timings: {} };
  };

export async function openBatchWorld(options: BatchWorldOptions = {}): Promise<BatchWorld> {
  const { run = printData, batch = {}, started, ...rest } = options;
  const folder = options.folder ?? '';
  const templates = join(folder, 'templates');
  mkdirSync(templates, { recursive: true });
  const library = createTemplateLibrary({ folder: templates, logger: silentLogger });
  const pins = createPinnedTemplates(batchFolders(folder).pins);
  const jobs = await openWorld({ ...rest, started: false, run: run(withPinned(library, pins)) });
  const batches = createBatchService({
    db: jobs.db,
    data: folder,
    jobs: jobs.queue.rows,
    library,
    keys: { assertUsable: () => undefined },
    pins,
    clock: systemClock,
    logger: silentLogger,
    ...batch,
  });
  if (started !== false) {
    await batches.open();
    await jobs.queue.start();
  }

  const close = async (): Promise<void> => {
    await batches.close();
    await jobs.close();
  };
  return {
    folder,
    jobs,
    library,
    batches,
    start: (request, caller = OWNER) =>
      batches.start(
        {
          html_template: { content: '<p>{{n}}</p>' },
          rows: { inline: [{ n: 1 }] },
          ...request,
        },
        caller,
      ),
    until: (id, ...states) =>
      new Promise((resolve) => {
        const look = (): void => {
          const now = batches.get(id, OWNER);
          if (!states.includes(now.state)) return;
          stop();
          clearInterval(timer);
          resolve(now);
        };
        const stop = batches.onChange(look);
        // A tiding is paced; what changed with the last one is seen here.
        const timer = setInterval(look, 20);
        look();
      }),
    close,
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
