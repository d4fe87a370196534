/** The real HTTP server with the studio on it, over fakes at the ports behind: jobs and the template library. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import type { StudioStatus } from '../../contract/studio.ts';
import type { TemplateSummary } from '../../contract/template.ts';
import type { AccessService } from '../../core/auth/access-service.ts';
import { InfluxionError } from '../../core/error.ts';
import { createStudioSessions } from '../../core/auth/studio-sessions.ts';
import { createOwnerCheck } from '../../core/http/bearer.ts';
import { createHttpServer } from '../../core/http/server.ts';
import { sessionCookie } from '../../core/http/studio-cookie.ts';
import { studioLink } from '../../core/http/studio-sign-in.ts';
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import { createStudioRouter, type StudioHandlers } from '../../core/studio/router.ts';
import { registerStudio } from '../../core/http/studio-routes.ts';
import type { JobService } from '../../core/jobs/job-service.ts';
import { systemClock, type Logger } from '../../core/ports.ts';
import type { TemplateLibrary } from '../../core/templates/template.ts';

/** What the queue does with the next document. */
export type Outcome =
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array; readonly warnings?: Job['warnings'] }
  | { readonly kind: 'error'; readonly detail: NonNullable<Job['error_detail']> }
  /** Runs until it is cancelled. */
  | { readonly kind: 'endless' };

export const OWNER_TOKEN = 'the-owner-of-this-test-and-nobody-else';

export interface StudioWorld extends AsyncDisposable {
  readonly url: string;
  /** A one-time link to the page. */
  link(): string;
  /** Stops the server as the host does, with patience for what is under way. */
  close(budgetMs: number): Promise<void>;
  /** A `Cookie` header of a new session. */
  signIn(): string;
  outcome: Outcome;
  readonly submitted: GenerateRequest[];
  readonly cancelled: number[];
  readonly templates: TemplateSummary[];
  readonly samples: Record<string, string>;
  status: StudioStatus;
}

const never = (): never => {
  throw new Error('The studio is not expected to call this');
};

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export const template = (id: string, changes: Partial<TemplateSummary> = {}): TemplateSummary => ({
  id,
  name: id.charAt(0).toUpperCase() + id.slice(1),
  description: `A sample ${id}.`,
  samples: ['default'],
  updated_at: '2026-11-23T10:00:00Z',
  problem: null,
  ...changes,
});

const startedJob = (id: number, request: GenerateRequest): Job => ({
  id,
  status: 'InProgress',
  created_at: '2026-11-23T10:00:00.000Z',
  started_at: '2026-11-23T10:00:00.010Z',
  completed_at: null,
  size: null,
  error: null,
  document_id: request.document_id ?? null,
  template_id: request.html_template.id ?? null,
  pdf_standard: null,
  priority: request.priority ?? 0,
  pages: null,
  sha256: null,
  attempt: 1,
  progress: { stage: 'print', done: 1, total: 3 },
  timings_ms: {},
  warnings: [],
  error_detail: null,
});

const COMPLETED = '2026-11-23T10:00:00.125Z';

export async function openStudioWorld(rendererDir: string): Promise<StudioWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), 'influxion-studio-'));
  const jobs = new Map<number, Job>();

  const find = (id: number): Job => {
    const job = jobs.get(id);
    if (job === undefined) throw new InfluxionError('JOB_NOT_FOUND', 'There is no such job.');
    return job;
  };

  const finish = async (job: Job): Promise<Job> => {
    const { outcome } = world;
    if (outcome.kind === 'pdf') {
      await writeFile(path.join(folder, `${job.id}.pdf`), outcome.bytes);
      return {
        ...job,
        status: 'Done',
        completed_at: COMPLETED,
        progress: null,
        pages: 1,
        size: outcome.bytes.length,
        sha256: createHash('sha256').update(outcome.bytes).digest('hex'),
        warnings: outcome.warnings ?? [],
      };
    }
    if (outcome.kind === 'endless') return job;
    const { detail } = outcome;
    return {
      ...job,
      status: 'Error',
      completed_at: COMPLETED,
      progress: null,
      error: detail.message,
      error_detail: detail,
    };
  };

  const service: JobService = {
    submit: (request) => {
      world.submitted.push(request);
      const id = world.submitted.length;
      jobs.set(id, startedJob(id, request));
      return Promise.resolve({ id, replayed: false });
    },
    waitUntilEnded: async (id, _caller, timeoutMs, signal) => {
      const job = await finish(find(id));
      jobs.set(id, job);
      if (job.status === 'InProgress') await sleep(timeoutMs, undefined, { signal }).catch(() => undefined);
      return job;
    },
    delete: (id) => {
      world.cancelled.push(id);
      jobs.set(id, {
        ...find(id),
        status: 'Error',
        error: 'The job was cancelled.',
        completed_at: COMPLETED,
      });
      return Promise.resolve('cancelled');
    },
    get: (id) => find(id),
    list: () => ({ jobs: [...jobs.values()].reverse(), next_cursor: null }),
    openOutput: (id) => ({
      path: path.join(folder, `${id}.pdf`),
      size: find(id).size ?? 0,
      sha256: find(id).sha256 ?? '',
      completedAt: new Date(COMPLETED),
      filename: `${id}.pdf`,
    }),
    retry: never,
    onChange: () => () => undefined,
    counts: () => ({ received: 0, inProgress: 0, done: 0, error: 0 }),
  };

  const library: TemplateLibrary = {
    list: () => Promise.resolve(world.templates),
    readSample: (id, sample) => {
      const text = world.samples[`${id}/${sample}`];
      return text === undefined
        ? Promise.reject(
            new InfluxionError('TEMPLATE_NOT_FOUND', `There is no sample "${sample}" of "${id}".`),
          )
        : Promise.resolve(text);
    },
    describe: never,
    load: never,
    loadFile: never,
    readCss: never,
    readCssFile: never,
    importZip: never,
    exportZip: never,
    remove: never,
    seed: never,
  };

  const access: AccessService = {
    createClient: never,
    listClients: () => [],
    removeClient: never,
    issueToken: never,
    verifyToken: never,
  };

  const sessions = createStudioSessions(systemClock);
  const http = createHttpServer({
    ownerToken: OWNER_TOKEN,
    jobs: service,
    templates: library,
    access,
    health: () => ({
      status: 'ready',
      checks: { store: 'ok', engine: 'ok', disk: 'ok' },
      queue: { received: 0, in_progress: 0 },
    }),
    logger: silent,
    clock: systemClock,
    version: '0.1.0',
    register: async (app) => {
      await app.register(registerStudio, {
        jobs: service,
        templates: library,
        status: () => world.status,
        rendererDir,
        sessions,
        isOwner: createOwnerCheck(OWNER_TOKEN),
        link: () => studioLink(url, sessions.issueKey()),
        // The calls themselves have tests of their own.
        router: createStudioRouter({} as StudioHandlers, silent),
        events: new StudioEventHub(),
      });
    },
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });

  let closed: Promise<void> | undefined;
  const world: StudioWorld = {
    url,
    link: () => studioLink(url, sessions.issueKey()),
    signIn: () =>
      sessionCookie(new URL(url).host, sessions.redeem(sessions.issueKey()) ?? '').replace(/;.*/s, ''),
    outcome: { kind: 'pdf', bytes: new Uint8Array() },
    submitted: [],
    cancelled: [],
    templates: [template('invoice')],
    samples: { 'invoice/default': '{ "number": "2026-0117" }' },
    status: {
      version: '0.1.0',
      state: 'ready',
      uptime_s: 12,
      api_url: url,
      engine: { state: 'ready', product: 'HeadlessChrome/153.0.8000.1', concurrency: 2, problem: null },
      queue: { received: 0, in_progress: 0, done: 4, error: 1 },
    },
    close: (budgetMs) => (closed ??= http.close({ budgetMs })),
    [Symbol.asyncDispose]: async () => {
      await world.close(0);
      await rm(folder, { recursive: true });
    },
  };
  return world;
}
