/**
 * The durable queue: what it accepts is on the disk before it says so, and ends in exactly one Done or Error. Execution
 * is at least once, the visible result exactly one: only the attempt that holds the fencing token can end a job.
 */
import { randomUUID } from 'node:crypto';
import { JOB_STATUSES, type GenerateRequest, type Job, type JobStage } from '../../contract/job.ts';
import type { Clock, Logger, Paths } from '../ports.ts';
import type { Db } from '../store/db.ts';
import { diskCalls, type DiskCalls } from '../store/durable-file.ts';
import { createIdempotencyKeys } from '../store/idempotency-keys.ts';
import type { JobState } from '../store/job-history.ts';
import { createJobBrowser, type BrowseFilter } from '../store/job-browse.ts';
import { createJobListing } from '../store/job-listing.ts';
import { createJobRepository } from '../store/job-repository.ts';
import type { WebhookTarget } from '../store/webhook-repository.ts';
import { describeStorageError, storageFault } from '../store/storage-error.ts';
import type { Transport } from '../transport/transport.ts';
import { createAdmission, type StorageCondition } from './admission.ts';
import { runAttempt, type Run } from './attempt.ts';
import { createIdempotentSubmit } from './idempotent-submit.ts';
import {
  jobCancelled,
  jobNotFound,
  notCancellable,
  notRemovable,
  notRetryable,
  shuttingDown,
} from './job-errors.ts';
import { createJobEvents } from './job-events.ts';
import { isEnded, toErrorDetail, toJob, type JobRow } from './job-row.ts';
import type { Caller, JobService } from './job-service.ts';
import { createJobTotals } from './job-totals.ts';
import {
  fingerprintOf,
  splitWebhook,
  webhooksUnavailable,
  type JobWebhooks,
  type SubmittedRequest,
} from './job-webhook.ts';
import { createMaintenance } from './maintenance.ts';
import { openOutput } from './open-output.ts';
import { createOutputStore } from './output-store.ts';
import { createPayloadStore, type StoredPayload } from './payload-store.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from './queue-limits.ts';
import { createRequestCache } from './request-cache.ts';
import type { RetentionPolicy } from './retention.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
import { createRowJobs, type RowJobs } from './row-jobs.ts';
import { createScheduler } from './scheduler.ts';
import { waitUntilEnded } from './wait-until-ended.ts';

/** What is found out about a request before it is accepted. */
export interface AdmittedFacts {
  readonly templateId: string | null;
  /** The standards that the document shall meet, as the job shows them; null for none. */
  readonly pdfStandard: string | null;
}

export interface JobQueueDeps {
  readonly db: Db;
  readonly paths: Pick<Paths, 'data' | 'output'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly transport: Transport;
  readonly limits?: Partial<QueueLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /** Refuses, by throwing an InfluxionError, what could never succeed: missing templates, features of later versions. */
  readonly admit?: (request: GenerateRequest) => AdmittedFacts | Promise<AdmittedFacts>;
  /** Whom to tell when jobs end; without it a request for that is refused. */
  readonly webhooks?: JobWebhooks;
  /** Default `at-once`, which is right for the owner of the data folder. */
  readonly orphans?: 'at-once' | 'after-lease';
  /** The file system and chance, for tests that make them fail. */
  readonly disk?: DiskCalls;
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly random?: () => number;
}

export interface JobQueue extends JobService {
  /** For batches, whose rows are jobs. */
  readonly rows: RowJobs;
  /** Takes back what a dead process left and begins to run jobs. Jobs may be submitted before. */
  start(): Promise<void>;
  /** Accepts nothing more and waits for running jobs; those that outlast the budget are left InProgress for recovery. */
  drain(budgetMs: number): Promise<void>;
  /** Drains without patience, then lets go of everything but the database. */
  close(): Promise<void>;
  /** Brings files and rows together and applies retention; runs by itself at start and hourly. */
  maintain(): Promise<void>;
  /** Whether new jobs can be taken, and what stands in the way. */
  condition(): StorageCondition & { readonly draining: boolean };
  /** Every state that the job went through, oldest first. */
  history(id: number, caller: Caller): JobState[];

  /** Calls back with the number of each job that changed, until disposed. For the owner, like all that follows. */
  onTouch(listener: (id: number) => void): () => void;
  /** A job with who sent it, or undefined when it is gone. */
  find(id: number): OwnedJob | undefined;
  /** Rows `offset` … of the jobs that match, newest first, and how many match. */
  browse(
    filter: BrowseFilter,
    offset: number,
    limit: number,
  ): { readonly jobs: OwnedJob[]; readonly total: number };
  /** The request as it came. JOB_NOT_FOUND. */
  inputs(id: number): Promise<GenerateRequest>;
  /** Ends a waiting or running job as JOB_CANCELLED; JOB_STATE for one that has ended, which is left alone. */
  cancel(id: number): Promise<void>;
  /** Deletes a job that has ended, with its document; JOB_STATE for one that has not. */
  remove(id: number): Promise<void>;
  /** Jobs that may wait from now on; those that wait stay. */
  setMaxQueued(jobs: number): void;
  /** Applied at once, in the background. */
  setRetention(kept: Omit<RetentionPolicy, 'graceMs'>): void;
}

/** A job with the client that sent it. */
export interface OwnedJob {
  readonly job: Job;
  readonly clientId: string;
}

interface KeptFacts extends AdmittedFacts {
  readonly webhook: WebhookTarget | undefined;
}

interface SubmissionKey {
  readonly key: string;
  readonly fingerprint: string;
}

/** Sees every job. */
const OWNER: Caller = { clientId: 'owner', admin: true };

/** How many changes a listener that comes back can be told of. */
const MAX_REPLAYED_EVENTS = 1_000;

export function createJobQueue(deps: JobQueueDeps): JobQueue {
  const { db, clock, logger, paths } = deps;
  const limits: QueueLimits = { ...DEFAULT_QUEUE_LIMITS, ...deps.limits };
  let { maxQueued } = limits;
  const owner = randomUUID();
  const disk = deps.disk ?? diskCalls;

  const jobs = createJobRepository(db, (id, clientId) => {
    // Of a row its batch tells.
    if (!rowJobs.has(id)) deps.webhooks?.jobEnded(id, clientId, () => get(id, OWNER));
  });
  const listing = createJobListing(db);
  const browser = createJobBrowser(db);
  const keys = createIdempotencyKeys(db);
  const outputs = createOutputStore(paths.output, owner, disk);
  const payloads = createPayloadStore(paths.data, owner, disk);
  const requests = createRequestCache(limits.requestCacheBytes);
  const totals = createJobTotals(listing.totals());
  const idempotent = createIdempotentSubmit((clientId, key) => keys.find(clientId, key));
  const admission = createAdmission({
    clock,
    folders: [paths.data, paths.output],
    maxQueued: () => maxQueued,
    minFreeBytes: limits.minFreeBytes,
    ...(deps.freeBytes === undefined ? {} : { freeBytes: deps.freeBytes }),
  });
  const events = createJobEvents({
    view,
    lastEventId: () => jobs.lastEventId(),
    isQuiet: (id) => rowJobs.has(id),
    logger,
  });
  const attemptDeps = { clock, outputs, transport: deps.transport, loadRequest, onStage };
  const scheduler = createScheduler({
    db,
    jobs,
    clock,
    logger,
    owner,
    transport: deps.transport,
    retry: { ...DEFAULT_RETRY_POLICY, ...deps.retry },
    random: deps.random ?? Math.random,
    leaseMs: limits.leaseMs,
    attemptMs: limits.attemptMs,
    orphans: deps.orphans ?? 'at-once',
    attempt: (run) => runAttempt(run, attemptDeps),
    discard: (key) => outputs.remove(key),
    changed(transitions) {
      totals.apply(transitions);
      events.publish(transitions);
      maintenance.consider();
    },
    diskFailed: (error) => admission.diskFailed(error),
  });
  const maintenance = createMaintenance({
    db,
    jobs,
    listing,
    keys,
    outputs,
    payloads,
    clock,
    logger,
    totals,
    retention: limits.retention,
    idempotencyMs: limits.idempotencyMs,
    isRunning: (key) => scheduler.isRunning(key),
  });
  const rowJobs = createRowJobs({
    capacity: () => deps.transport.window(),
    clock,
    jobs,
    scheduler,
    payloads,
    outputs,
    requests,
    admission,
    maintenance,
    events,
    cancel,
    isStopping: () => stopping,
  });

  let arriving = 0;
  let stopping = false;

  function view(id: number): Job | undefined {
    const row = jobs.get(id);
    return row === undefined ? undefined : toJob(row, scheduler.stageOf(id));
  }

  function rowOf(id: number, caller: Caller): JobRow {
    const row = Number.isSafeInteger(id) ? jobs.get(id) : undefined;
    if (row === undefined || !(caller.admin || row.client_id === caller.clientId)) throw jobNotFound(id);
    return row;
  }

  function get(id: number, caller: Caller): Job {
    return toJob(rowOf(id, caller), scheduler.stageOf(id));
  }

  const toOwned = (row: JobRow): OwnedJob => ({
    job: toJob(row, scheduler.stageOf(row.id)),
    clientId: row.client_id,
  });

  async function loadRequest(id: number): Promise<GenerateRequest> {
    return requests.take(id) ?? readRequest(id);
  }

  async function readRequest(id: number): Promise<GenerateRequest> {
    const stored = jobs.payload(id);
    if (stored === undefined) throw jobNotFound(id);
    return JSON.parse(await payloads.read(stored)) as GenerateRequest;
  }

  function onStage(run: Run, stage: JobStage): void {
    run.stage = stage;
    events.progress(run.id, run.clientId);
  }

  async function accept(
    submitted: SubmittedRequest,
    caller: Caller,
    key: SubmissionKey | undefined,
  ): Promise<number> {
    arriving += 1;
    try {
      const { request, json } = submitted;
      const queued = totals.count('Received') + arriving - 1;
      await admission.check(queued, json.length, drainMs(queued));
      const webhook = await admitWebhook(submitted, caller);
      const facts = (await deps.admit?.(request)) ?? {
        templateId: null,
        pdfStandard: standardName(request.pdf_standard),
      };
      if (stopping) throw shuttingDown();
      return await keep(submitted, { ...facts, webhook }, caller, key);
    } finally {
      arriving -= 1;
    }
  }

  /** Undefined when it asks for none. */
  async function admitWebhook(
    { asked }: SubmittedRequest,
    caller: Caller,
  ): Promise<WebhookTarget | undefined> {
    if (asked === undefined) return undefined;
    if (deps.webhooks === undefined) throw webhooksUnavailable();
    return deps.webhooks.admit(asked, caller.clientId);
  }

  async function keep(
    { request, json }: SubmittedRequest,
    facts: KeptFacts,
    caller: Caller,
    key: SubmissionKey | undefined,
  ): Promise<number> {
    let payload: StoredPayload | undefined;
    try {
      payload = await payloads.put(json);
      return await insert(request, json, payload, facts, caller, key);
    } catch (error) {
      if (storageFault(error) !== undefined) admission.diskFailed(error);
      // What cannot be removed now is garbage for the next round.
      if (payload?.file != null) await payloads.remove(payload.file).catch(() => undefined);
      throw describeStorageError(error);
    } finally {
      if (payload !== undefined) payloads.landed(payload);
    }
  }

  async function insert(
    request: GenerateRequest,
    json: Buffer,
    payload: StoredPayload,
    facts: KeptFacts,
    caller: Caller,
    key: SubmissionKey | undefined,
  ): Promise<number> {
    let inserted: number | undefined;
    try {
      return await scheduler.commit((note) => {
        const now = clock.now();
        const transition = jobs.insert({
          clientId: caller.clientId,
          priority: request.priority ?? 0,
          documentId: request.document_id ?? null,
          templateId: facts.templateId,
          pdfStandard: facts.pdfStandard,
          createdAt: now,
          keyed: key !== undefined,
          payload: { ...payload, size: json.length },
        });
        const { id } = transition;
        if (key !== undefined) {
          keys.insert(caller.clientId, key.key, { fingerprint: key.fingerprint, jobId: id }, now);
        }
        if (facts.webhook !== undefined) deps.webhooks?.keepForJob(id, facts.webhook);
        note(transition);
        requests.put(id, request, json.length);
        inserted = id;
        return id;
      });
    } catch (error) {
      if (inserted !== undefined) requests.take(inserted);
      throw error;
    }
  }

  async function remove(id: number): Promise<'deleted'> {
    if ((await maintenance.remove([id])) === 0) throw jobNotFound(id);
    return 'deleted';
  }

  /** Whether there was something to cancel. */
  async function cancel(id: number): Promise<boolean> {
    const reason = jobCancelled();
    const detail = toErrorDetail(reason, scheduler.stageOf(id) ?? 'queue');
    const cancelled = await scheduler.commit((note) => note(jobs.cancel(id, detail, clock.now())));
    if (cancelled === undefined) return false;
    requests.take(id);
    scheduler.abort(id, reason);
    return true;
  }

  /** How many match; what memory knows is not counted on the disk. */
  function countOf(filter: BrowseFilter): number {
    const { status = JOB_STATUSES, templateId, search = '' } = filter;
    if (templateId !== undefined || search !== '') return browser.count(filter);
    return [...new Set(status)].reduce((sum, one) => sum + totals.count(one), 0);
  }

  /** About how long it takes until the queue is a tenth shorter. */
  function drainMs(queued: number): number | undefined {
    const mean = scheduler.meanRunMs;
    return mean === undefined ? undefined : (mean * queued * 0.1) / deps.transport.window();
  }

  function stop(budgetMs: number): Promise<void> {
    stopping = true;
    return scheduler.drain(budgetMs);
  }

  return {
    get,
    rows: rowJobs,

    async submit(request, { caller, idempotencyKey, source }) {
      if (stopping) throw shuttingDown();
      const submitted = splitWebhook(request, source);
      if (idempotencyKey === undefined) {
        return { id: await accept(submitted, caller, undefined), replayed: false };
      }
      const keyed = { clientId: caller.clientId, key: idempotencyKey, fingerprint: fingerprintOf(submitted) };
      return idempotent.once(keyed, () => accept(submitted, caller, keyed));
    },

    list(query, caller) {
      const { rows, nextCursor } = listing.page(query, caller.admin ? undefined : caller.clientId);
      return { jobs: rows.map((row) => toJob(row, scheduler.stageOf(row.id))), next_cursor: nextCursor };
    },

    async delete(id, caller) {
      if (isEnded(rowOf(id, caller).status)) return remove(id);
      return (await cancel(id)) ? 'cancelled' : remove(id);
    },

    async retry(id, caller) {
      rowOf(id, caller);
      if (stopping) throw shuttingDown();
      const queued = totals.count('Received') + arriving;
      await admission.check(queued, 0, drainMs(queued));
      await scheduler.commit((note) => {
        if (note(jobs.requeue(id, clock.now())) === undefined) throw notRetryable(rowOf(id, caller));
      });
      return get(id, caller);
    },

    waitUntilEnded(id, caller, timeoutMs, signal) {
      return waitUntilEnded({ events, get: () => get(id, caller), id, timeoutMs, signal });
    },

    openOutput: (id, caller) => openOutput(rowOf(id, caller), outputs),

    onChange(caller, afterEventId, listener) {
      if (afterEventId !== undefined && afterEventId > 0) {
        const clientId = caller.admin ? undefined : caller.clientId;
        for (const { jobId, eventId } of jobs.changedAfter(afterEventId, clientId, MAX_REPLAYED_EVENTS)) {
          const job = view(jobId);
          if (job !== undefined) listener({ event_id: eventId, job });
        }
      }
      return events.subscribe({ caller, listener });
    },

    counts: () => ({
      received: totals.count('Received'),
      inProgress: totals.count('InProgress'),
      done: totals.count('Done'),
      error: totals.count('Error'),
    }),

    history(id, caller) {
      rowOf(id, caller);
      return jobs.states(id);
    },

    onTouch: (listener) => events.onTouch(listener),

    find(id) {
      const row = jobs.get(id);
      return row && toOwned(row);
    },

    browse(filter, offset, limit) {
      const rows = browser.rows(filter, offset, limit);
      // The end of the list says how long it is.
      const ended = rows.length < limit && (rows.length > 0 || offset === 0);
      return { jobs: rows.map(toOwned), total: ended ? offset + rows.length : countOf(filter) };
    },

    async inputs(id) {
      rowOf(id, OWNER);
      return readRequest(id);
    },

    async cancel(id) {
      rowOf(id, OWNER);
      if (!(await cancel(id))) throw notCancellable(rowOf(id, OWNER));
    },

    async remove(id) {
      const row = rowOf(id, OWNER);
      if (!isEnded(row.status)) throw notRemovable(row);
      await remove(id);
    },

    setMaxQueued: (jobs) => {
      maxQueued = jobs;
    },
    setRetention: (kept) => maintenance.setRetention({ ...limits.retention, ...kept }),

    async start() {
      await scheduler.start();
      maintenance.start();
    },

    maintain: () => maintenance.run(),
    condition: () => ({ ...admission.condition(), draining: stopping }),
    drain: stop,

    async close() {
      await stop(0);
      await maintenance.close();
      events.close();
    },
  };
}

function standardName(standard: GenerateRequest['pdf_standard']): string | null {
  if (standard == null) return null;
  return (typeof standard === 'string' ? [standard] : standard).join(', ').toLowerCase();
}
