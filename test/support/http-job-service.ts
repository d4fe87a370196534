/** A fake at the JobService port: jobs in memory, which a test ends when it likes. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerateRequest, Job, JobChanged, JobErrorDetail } from '../../contract/job.ts';
import { InfluxionError } from '../../core/error.ts';
import type { Caller, JobService, SubmitOptions } from '../../core/jobs/job-service.ts';

interface Kept {
  job: Job;
  readonly clientId: string;
  readonly request: GenerateRequest;
  path: string | undefined;
}

export const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const COMPLETED_AT = '2026-03-04T05:06:07.890Z';

export class FakeJobService implements JobService {
  readonly submitted: SubmitOptions[] = [];
  /** What `submit` throws, while set. */
  refusal: InfluxionError | undefined;
  /** Ends each job as Done with this document at once. */
  instant: Uint8Array | undefined;
  /** Signals of the waits that are open. */
  readonly waits: AbortSignal[] = [];
  readonly #jobs = new Map<number, Kept>();
  readonly #keys = new Map<string, number>();
  readonly #history: JobChanged[] = [];
  readonly #listeners = new Set<(change: JobChanged) => void>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  requestOf(id: number): GenerateRequest {
    return this.#find(id, { clientId: '', admin: true }).request;
  }

  submit(request: GenerateRequest, options: SubmitOptions): Promise<{ id: number; replayed: boolean }> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.submitted.push(options);
    const key = options.idempotencyKey;
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known !== undefined) return Promise.resolve({ id: known, replayed: true });
    const id = this.#jobs.size + 1;
    if (key !== undefined) this.#keys.set(key, id);
    const job = receivedJob(id, request);
    this.#jobs.set(id, { job, clientId: options.caller.clientId, request, path: undefined });
    this.#announce(id);
    if (this.instant) this.finish(id, this.instant);
    return Promise.resolve({ id, replayed: false });
  }

  finish(id: number, pdf: Uint8Array = PDF): void {
    const kept = this.#find(id, { clientId: '', admin: true });
    kept.path = path.join(this.#folder, `${id}.pdf`);
    writeFileSync(kept.path, pdf);
    this.#change(id, {
      status: 'Done',
      completed_at: COMPLETED_AT,
      size: pdf.length,
      sha256: createHash('sha256').update(pdf).digest('hex'),
      pages: 1,
    });
  }

  fail(id: number, detail: Pick<JobErrorDetail, 'code' | 'message'>): void {
    this.#change(id, {
      status: 'Error',
      completed_at: COMPLETED_AT,
      error: detail.message,
      error_detail: {
        stage: 'render',
        hint: null,
        template: 'html',
        line: 3,
        column: 7,
        source_line: '{{oops',
        ...detail,
      },
    });
  }

  get(id: number, caller: Caller): Job {
    return this.#find(id, caller).job;
  }

  list(query: { limit: number }, caller: Caller): { jobs: Job[]; next_cursor: string | null } {
    const seen = [...this.#jobs.values()].filter((kept) => caller.admin || kept.clientId === caller.clientId);
    const jobs = seen.map(({ job }) => job).reverse();
    return { jobs: jobs.slice(0, query.limit), next_cursor: jobs.length > query.limit ? 'more' : null };
  }

  delete(id: number, caller: Caller): Promise<'cancelled' | 'deleted'> {
    const { job } = this.#find(id, caller);
    if (job.completed_at !== null) {
      this.#jobs.delete(id);
      return Promise.resolve('deleted');
    }
    this.fail(id, { code: 'JOB_CANCELLED', message: 'The job was cancelled.' });
    return Promise.resolve('cancelled');
  }

  retry(id: number, caller: Caller): Promise<Job> {
    const { job } = this.#find(id, caller);
    if (job.status !== 'Error') {
      return Promise.reject(new InfluxionError('JOB_STATE', 'Only a failed job can be tried again.'));
    }
    this.#change(id, { status: 'Received', completed_at: null, error: null, error_detail: null });
    return Promise.resolve(this.get(id, caller));
  }

  waitUntilEnded(id: number, caller: Caller, timeoutMs: number, signal: AbortSignal): Promise<Job> {
    const { promise, resolve } = Promise.withResolvers<Job>();
    this.waits.push(signal);
    const settle = (): void => {
      clearTimeout(timer);
      this.#listeners.delete(onChange);
      resolve(this.get(id, caller));
    };
    const onChange = (change: JobChanged): void => {
      if (change.job.id === id && change.job.completed_at !== null) settle();
    };
    const timer = setTimeout(settle, timeoutMs);
    if (this.get(id, caller).completed_at !== null || signal.aborted) settle();
    else this.#listeners.add(onChange);
    signal.addEventListener('abort', settle, { once: true });
    return promise;
  }

  openOutput(id: number, caller: Caller) {
    const { job, path: file } = this.#find(id, caller);
    if (job.status === 'Error') throw new InfluxionError('JOB_FAILED', job.error ?? 'It failed.');
    if (file === undefined) throw new InfluxionError('JOB_NOT_READY', 'The document is not ready yet.');
    return {
      path: file,
      size: job.size ?? 0,
      sha256: job.sha256 ?? '',
      completedAt: new Date(COMPLETED_AT),
      filename: `${job.document_id ?? String(id)}.pdf`,
    };
  }

  onChange(_caller: Caller, after: number | undefined, listener: (change: JobChanged) => void): () => void {
    if (after !== undefined) {
      for (const change of this.#history) if (change.event_id > after) listener(change);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  counts() {
    const of = (status: Job['status']): number =>
      [...this.#jobs.values()].filter(({ job }) => job.status === status).length;
    return {
      received: of('Received'),
      inProgress: of('InProgress'),
      done: of('Done'),
      error: of('Error'),
    };
  }

  #find(id: number, caller: Caller): Kept {
    const kept = this.#jobs.get(id);
    if (kept !== undefined && (caller.admin || kept.clientId === caller.clientId)) return kept;
    throw new InfluxionError('JOB_NOT_FOUND', `There is no job ${id}.`);
  }

  #change(id: number, changes: Partial<Job>): void {
    const kept = this.#find(id, { clientId: '', admin: true });
    kept.job = { ...kept.job, ...changes };
    this.#announce(id);
  }

  #announce(id: number): void {
    const { job } = this.#find(id, { clientId: '', admin: true });
    const change = { event_id: this.#history.length + 1, job };
    this.#history.push(change);
    for (const listener of [...this.#listeners]) listener(change);
  }
}

const receivedJob = (id: number, request: GenerateRequest): Job => ({
  id,
  status: 'Received',
  created_at: '2026-03-04T05:06:00.000Z',
  started_at: null,
  completed_at: null,
  size: null,
  error: null,
  document_id: request.document_id ?? null,
  template_id: request.html_template.id ?? null,
  pdf_standard: null,
  priority: request.priority ?? 0,
  pages: null,
  sha256: null,
  attempt: 0,
  progress: null,
  timings_ms: {},
  warnings: [],
  signature: null,
  ran_on: null,
  signed_on: null,
  error_detail: null,
});
