/** Jobs behind the studio's calls, held in memory and changed by the test; for the jobs screen and its store. */
import type { GenerateRequest, Job } from '../../../contract/job.ts';
import type { JobFilter, JobRow } from '../../../contract/studio/jobs.ts';
import type { TemplateSummary } from '../../../contract/template.ts';
import { InfluxionError } from '../../../core/error.ts';
import type { StudioEventHub } from '../../../core/studio/event-hub.ts';
import type { StudioHandlers } from '../../../core/studio/router.ts';

/** When the world begins. */
export const START = Date.UTC(2026, 10, 23, 10);

const at = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

export function job(id: number, changes: Partial<Job> = {}): Job {
  return {
    id,
    status: 'Done',
    created_at: at(id * 1000),
    started_at: at(id * 1000 + 3),
    completed_at: at(id * 1000 + 41),
    size: 61_000,
    error: null,
    document_id: `doc-${id}`,
    template_id: 'invoice',
    pdf_standard: null,
    priority: 0,
    pages: 2,
    sha256: 'ab'.repeat(32),
    attempt: 1,
    progress: null,
    timings_ms: { queue: 3, render: 7, print: 29, store: 2 },
    warnings: [],
    signature: null,
    ran_on: null,
    signed_on: null,
    error_detail: null,
    ...changes,
  };
}

export const failedJob = (id: number, changes: Partial<Job> = {}): Job =>
  job(id, {
    status: 'Error',
    size: null,
    pages: null,
    sha256: null,
    error: 'There is no helper "curency".',
    timings_ms: { queue: 3 },
    error_detail: {
      code: 'TEMPLATE_UNKNOWN_HELPER',
      stage: 'render',
      message: 'There is no helper "curency".',
      hint: 'Did you mean "currency"?',
      template: 'html',
      line: 12,
      column: 5,
      source_line: '<td>{{curency amount}}</td>',
    },
    ...changes,
  });

export const waitingJob = (id: number): Job =>
  job(id, {
    status: 'Received',
    started_at: null,
    completed_at: null,
    size: null,
    pages: null,
    sha256: null,
    attempt: 0,
    timings_ms: {},
    progress: { stage: 'queue', done: 0, total: 3 },
  });

export const template = (id: string, changes: Partial<TemplateSummary> = {}): TemplateSummary => ({
  id,
  name: id.charAt(0).toUpperCase() + id.slice(1),
  description: '',
  samples: ['default'],
  updated_at: '2026-11-23T10:00:00Z',
  problem: null,
  ...changes,
});

export class JobsWorld {
  /** Oldest first. */
  jobs: Job[] = [];
  templates: TemplateSummary[] = [template('invoice'), template('letter')];
  samples: Record<string, string> = { 'invoice/samples/default.json': '{ "number": "2026-0117" }' };
  pdf: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** Paths of files that came with every request. */
  assets: string[] = [];
  readonly submitted: GenerateRequest[] = [];
  /** Calls of `jobs.list`, as offset and limit. */
  readonly listed: { offset: number; limit: number }[] = [];
  readonly removed: number[] = [];
  events: StudioEventHub | undefined;

  /** Puts a job in place of the one of its number, or on top, and tells the studio. */
  change(changed: Job): void {
    const index = this.jobs.findIndex(({ id }) => id === changed.id);
    if (index === -1) this.jobs.push(changed);
    else this.jobs[index] = changed;
    this.events?.emit({ type: 'jobs.changed', jobs: [toRow(changed)] });
  }

  #find(id: number): Job {
    const found = this.jobs.find((each) => each.id === id);
    if (found === undefined) throw new InfluxionError('JOB_NOT_FOUND', `There is no job ${id}.`);
    return found;
  }

  #each(ids: readonly number[], allowed: readonly Job['status'][], act: (job: Job) => void) {
    const done: number[] = [];
    const refused: { id: number; reason: string }[] = [];
    for (const id of ids) {
      const found = this.jobs.find((each) => each.id === id);
      if (found !== undefined && allowed.includes(found.status)) {
        act(found);
        done.push(id);
      } else {
        refused.push({ id, reason: `Job ${id} is ${found?.status ?? 'gone'}.` });
      }
    }
    return { done, refused };
  }

  readonly handlers: Partial<StudioHandlers> = {
    'jobs.list': ({ filter, offset, limit }) => {
      this.listed.push({ offset, limit });
      const matching = this.jobs.filter((each) => matches(each, filter)).reverse();
      const count = (status: Job['status']): number =>
        this.jobs.filter((each) => each.status === status).length;
      return {
        jobs: matching.slice(offset, offset + limit).map(toRow),
        total: matching.length,
        counts: {
          received: count('Received'),
          in_progress: count('InProgress'),
          done: count('Done'),
          error: count('Error'),
        },
      };
    },
    'jobs.get': ({ id }) => {
      const found = this.#find(id);
      return {
        job: found,
        client_id: 'billing',
        client_name: 'Billing office',
        states: [
          { status: 'Received', at: found.created_at, attempt: 0, code: null },
          {
            status: found.status,
            at: found.completed_at ?? found.created_at,
            attempt: found.attempt,
            code: found.error_detail?.code ?? null,
          },
        ],
      };
    },
    'jobs.inputs': ({ id }) => ({
      request: {
        data: { number: `2026-${id}` },
        document_id: this.#find(id).document_id,
        html_template: { id: 'invoice' },
      },
      assets: this.assets.map((path) => ({ path, size: 1234 })),
    }),
    'jobs.submit': ({ request }) => {
      this.submitted.push(request);
      const id = (this.jobs.at(-1)?.id ?? 0) + 1;
      this.change({ ...waitingJob(id), document_id: request.document_id ?? null });
      return { id };
    },
    'jobs.cancel': ({ ids }) =>
      this.#each(ids, ['Received', 'InProgress'], ({ id }) => this.change(cancelledJob(id))),
    'jobs.retry': ({ ids }) => this.#each(ids, ['Error'], ({ id }) => this.change(waitingJob(id))),
    'jobs.remove': ({ ids }) =>
      this.#each(ids, ['Done', 'Error'], (gone) => {
        this.removed.push(gone.id);
        this.jobs = this.jobs.filter((each) => each !== gone);
      }),
    'jobs.download': ({ id }) => ({ filename: `${this.#find(id).document_id ?? id}.pdf`, bytes: this.pdf }),
    'jobs.download_zip': ({ ids }) => {
      const { refused } = this.#each(ids, ['Done'], () => undefined);
      return { filename: 'documents.zip', bytes: new Uint8Array([80, 75]), refused };
    },
    'templates.list': () => ({ templates: this.templates }),
    'templates.read_file': ({ id, path }) => {
      const text = this.samples[`${id}/${path}`];
      if (text === undefined) throw new InfluxionError('TEMPLATE_NOT_FOUND', `There is no ${path}.`);
      return { mime_type: 'application/json', bytes: new TextEncoder().encode(text) };
    },
    'api.state': () => ({
      mode: 'computer',
      urls: ['http://127.0.0.1:8787'],
      fingerprint: null,
      problem: null,
    }),
  };
}

const cancelledJob = (id: number): Job =>
  failedJob(id, {
    error: 'The job was cancelled.',
    error_detail: {
      code: 'JOB_CANCELLED',
      stage: 'queue',
      message: 'The job was cancelled.',
      hint: null,
      template: null,
      line: null,
      column: null,
      source_line: null,
    },
  });

function matches(each: Job, { status, template_id, search }: JobFilter): boolean {
  return (
    (status === undefined || status.includes(each.status)) &&
    (template_id === undefined || each.template_id === template_id) &&
    (search === undefined || `${each.document_id} ${each.template_id} ${each.error}`.includes(search))
  );
}

export const toRow = (each: Job): JobRow => ({
  id: each.id,
  status: each.status,
  created_at: each.created_at,
  started_at: each.started_at,
  completed_at: each.completed_at,
  size: each.size,
  error: each.error,
  document_id: each.document_id,
  template_id: each.template_id,
  pdf_standard: each.pdf_standard,
  pages: each.pages,
  attempt: each.attempt,
  client_id: 'billing',
  client_name: 'Billing office',
  warnings: each.warnings.length,
  signed_by: each.signature?.key_id ?? null,
  error_code: each.error_detail?.code ?? null,
});
