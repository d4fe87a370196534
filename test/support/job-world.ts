/** A real data folder with a real queue on it; only the pipeline is a stand-in. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerateRequest, Job, JobStage } from '../../contract/job.ts';
import { createJobQueue, type JobQueue, type JobQueueDeps } from '../../core/jobs/queue.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from '../../core/jobs/queue-limits.ts';
import type { Caller } from '../../core/jobs/job-service.ts';
import type { PipelineResult, RunPipeline } from '../../core/jobs/pipeline.ts';
import { createLocalTransport } from '../../core/transport/local.ts';
import { systemClock, type Logger } from '../../core/ports.ts';
import type { Db } from '../../core/store/db.ts';
import { openDatabase } from '../../core/store/sqlite.ts';

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

export const ALICE: Caller = { clientId: 'alice', admin: false };
export const BOB: Caller = { clientId: 'bob', admin: false };
export const ADMIN: Caller = { clientId: 'root', admin: true };

export const NEVER = new AbortController().signal;

export function requestOf(text: string, more: Partial<GenerateRequest> = {}): GenerateRequest {
  return { data: { text }, html_template: { content: '<p>{{text}}</p>' }, ...more };
}

/** A PDF of one page that says `text`, laid out as Chromium does. */
export function pdfOf(text: string, pages = 1): Uint8Array {
  const objects = [
    '1 0 obj\n<</Type /Catalog\n/Pages 2 0 R>>\nendobj\n',
    `2 0 obj\n<</Type /Pages\n/Count ${pages}\n/Kids []>>\nendobj\n`,
    `3 0 obj\n<</Title (${text})>>\nendobj\n`,
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object) => {
    const offset = body.length;
    body += object;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = body.length;
  body += `xref\n0 4\n0000000000 65535 f \n${offsets.join('')}`;
  body += `trailer\n<</Size 4\n/Root 1 0 R\n/Info 3 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}

export function resultOf(text: string): PipelineResult {
  return { pdf: pdfOf(text), warnings: [], timings: { render: 1.25, print: 2 } };
}

export const printText: RunPipeline = (request, { onStage }) => {
  onStage('render');
  onStage('print');
  return Promise.resolve(resultOf((request.data as { text: string }).text));
};

export interface HeldRun {
  readonly request: GenerateRequest;
  readonly text: string;
  readonly signal: AbortSignal;
  enter(stage: JobStage): void;
  finish(result?: PipelineResult): void;
  fail(error: unknown): void;
}

export interface HeldPipeline {
  readonly run: RunPipeline;
  /** The next attempt that begins, in the order of their beginning. */
  next(): Promise<HeldRun>;
  readonly begun: number;
}

/** A pipeline whose every run waits for the test. `deaf`: an abort does not end it. */
export function heldPipeline(options: { readonly deaf?: boolean } = {}): HeldPipeline {
  const runs: HeldRun[] = [];
  const askers: ((run: HeldRun) => void)[] = [];
  let begun = 0;
  return {
    run: (request, { signal, onStage }) =>
      new Promise((resolve, reject) => {
        const { text } = request.data as { text: string };
        if (options.deaf !== true) {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }
        const held: HeldRun = {
          request,
          text,
          signal,
          enter: onStage,
          finish: (result) => {
            resolve(result ?? resultOf(text));
          },
          fail: reject,
        };
        begun += 1;
        const asker = askers.shift();
        if (asker === undefined) runs.push(held);
        else asker(held);
      }),
    next() {
      const run = runs.shift();
      if (run !== undefined) return Promise.resolve(run);
      return new Promise((resolve) => askers.push(resolve));
    },
    get begun() {
      return begun;
    },
  };
}

export interface JobWorld extends AsyncDisposable {
  readonly folder: string;
  readonly db: Db;
  readonly queue: JobQueue;
  /** Submits for Alice, or another. */
  submit(text: string, more?: Partial<GenerateRequest>, caller?: Caller): Promise<number>;
  ended(id: number): Promise<Job>;
  /** The states of a job, each with its attempt: `InProgress 1`. */
  states(id: number): string[];
  /** Closes queue and database, leaves the folder. */
  close(): Promise<void>;
}

export type WorldOptions = Partial<Omit<JobQueueDeps, 'limits'>> & {
  /** Of the local transport. */
  readonly run?: RunPipeline;
  /** Default 2. */
  readonly concurrency?: number;
  readonly folder?: string;
  readonly limits?: Partial<QueueLimits>;
  /** Default true. */
  readonly started?: boolean;
};

export async function openWorld(options: WorldOptions = {}): Promise<JobWorld> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'influxion-jobs-'));
  mkdirSync(join(folder, 'output'), { recursive: true });
  const { limits, started, db: given, run = printText, concurrency = 2, ...deps } = options;
  const db = given ?? openDatabase(join(folder, 'influxion.db'), { logger: silentLogger });
  const queue = createJobQueue({
    db,
    paths: { data: folder, output: join(folder, 'output') },
    clock: systemClock,
    logger: silentLogger,
    transport: createLocalTransport({ run, concurrency, here: { host: 'test', version: null } }),
    limits: { ...DEFAULT_QUEUE_LIMITS, minFreeBytes: 0, ...limits },
    random: () => 0,
    ...deps,
  });
  if (started !== false) await queue.start();
  let open = true;

  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await queue.close();
    db.close();
  };

  return {
    folder,
    db,
    queue,
    async submit(text, more, caller = ALICE) {
      const { id } = await queue.submit(requestOf(text, more), { caller });
      return id;
    },
    ended: (id) => queue.waitUntilEnded(id, ADMIN, 20_000, NEVER),
    states: (id) => queue.history(id, ADMIN).map(({ status, attempt }) => `${status} ${attempt}`),
    close,
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
