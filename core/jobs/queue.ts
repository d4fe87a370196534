/**
 * The durable queue: what it accepts is on the disk before it says so, and ends in exactly one Done or Error. Execution
 * is at least once, the visible result exactly one: only the attempt that holds the fencing token can end a job.
 */
import { randomUUID } from 'node:crypto';
import type { GenerateRequest, JobStage } from '../../contract/job.ts';
import type { Clock, Logger, Paths } from '../ports.ts';
import type { Db } from '../store/db.ts';
import { diskCalls, type DiskCalls } from '../store/durable-file.ts';
import { createIdempotencyKeys } from '../store/idempotency-keys.ts';
import { createJobBrowser } from '../store/job-browse.ts';
import type { JobState } from '../store/job-history.ts';
import { createJobListing } from '../store/job-listing.ts';
import { createJobRepository } from '../store/job-repository.ts';
import type { Transport } from '../transport/transport.ts';
import { createAdmission, type StorageCondition } from './admission.ts';
import { runAttempt, type Run } from './attempt.ts';
import { createIntake, type AdmittedFacts } from './intake.ts';
import { createJobControl } from './job-control.ts';
import { jobNotFound } from './job-errors.ts';
import { createJobEvents } from './job-events.ts';
import { createJobReader, type JobReader } from './job-reader.ts';
import type { Caller, JobService } from './job-service.ts';
import { createJobTotals } from './job-totals.ts';
import type { JobWebhooks } from './job-webhook.ts';
import { createMaintenance } from './maintenance.ts';
import { openOutput } from './open-output.ts';
import { createOutputStore } from './output-store.ts';
import { createPayloadStore } from './payload-store.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from './queue-limits.ts';
import { createRequestCache } from './request-cache.ts';
import type { RetentionPolicy } from './retention.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
import { createRowJobs, type RowJobs } from './row-jobs.ts';
import { createScheduler } from './scheduler.ts';
import { waitUntilEnded } from './wait-until-ended.ts';

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

export interface JobQueue extends JobService, Pick<JobReader, 'find' | 'browse'> {
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

/** Sees every job. */
const OWNER: Caller = { clientId: 'owner', admin: true };

/** How many changes a listener that comes back can be told of. */
const MAX_REPLAYED_EVENTS = 1_000;

export function createJobQueue(deps: JobQueueDeps): JobQueue {
  const { db, clock, logger, paths } = deps;
  const limits: QueueLimits = { ...DEFAULT_QUEUE_LIMITS, ...deps.limits };
  const owner = randomUUID();
  const disk = deps.disk ?? diskCalls;
  let stopping = false;
  const isStopping = (): boolean => stopping;

  const jobs = createJobRepository(db, (id, clientId) => {
    // Of a row its batch tells.
    if (!rowJobs.has(id)) deps.webhooks?.jobEnded(id, clientId, () => reader.get(id, OWNER));
  });
  const listing = createJobListing(db);
  const keys = createIdempotencyKeys(db);
  const outputs = createOutputStore(paths.output, owner, disk);
  const payloads = createPayloadStore(paths.data, owner, disk);
  const requests = createRequestCache(limits.requestCacheBytes);
  const totals = createJobTotals(listing.totals());
  const reader = createJobReader({
    jobs,
    listing,
    browser: createJobBrowser(db),
    totals,
    stageOf: (id) => scheduler.stageOf(id),
  });
  const admission = createAdmission({
    clock,
    folders: [paths.data, paths.output],
    maxQueued: limits.maxQueued,
    minFreeBytes: limits.minFreeBytes,
    ...(deps.freeBytes === undefined ? {} : { freeBytes: deps.freeBytes }),
  });
  const events = createJobEvents({
    view: (id) => reader.find(id)?.job,
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
  const entry = { clock, jobs, scheduler, payloads, requests, admission, isStopping };
  const intake = createIntake({
    ...entry,
    keys,
    totals,
    ...(deps.admit && { admit: deps.admit }),
    ...(deps.webhooks && { webhooks: deps.webhooks }),
    drainMs,
  });
  const control = createJobControl({ clock, jobs, reader, scheduler, requests, intake, maintenance });
  const rowJobs = createRowJobs({
    ...entry,
    capacity: () => deps.transport.window(),
    outputs,
    maintenance,
    events,
    cancel: (id) => control.cancelIfOpen(id),
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
    submit: (request, options) => intake.submit(request, options),
    get: (id, caller) => reader.get(id, caller),
    list: (query, caller) => reader.list(query, caller),
    find: (id) => reader.find(id),
    browse: (filter, offset, limit) => reader.browse(filter, offset, limit),
    counts: () => reader.counts(),
    delete: (id, caller) => control.delete(id, caller),
    retry: (id, caller) => control.retry(id, caller),
    cancel: (id) => control.cancel(id, OWNER),
    remove: (id) => control.remove(id, OWNER),
    rows: rowJobs,

    waitUntilEnded(id, caller, timeoutMs, signal) {
      return waitUntilEnded({ events, get: () => reader.get(id, caller), id, timeoutMs, signal });
    },

    openOutput: (id, caller) => openOutput(reader.row(id, caller), outputs),

    onChange(caller, afterEventId, listener) {
      if (afterEventId !== undefined && afterEventId > 0) {
        const clientId = caller.admin ? undefined : caller.clientId;
        for (const { jobId, eventId } of jobs.changedAfter(afterEventId, clientId, MAX_REPLAYED_EVENTS)) {
          const found = reader.find(jobId);
          if (found !== undefined) listener({ event_id: eventId, job: found.job });
        }
      }
      return events.subscribe({ caller, listener });
    },

    onTouch: (listener) => events.onTouch(listener),

    history(id, caller) {
      reader.row(id, caller);
      return jobs.states(id);
    },

    async inputs(id) {
      reader.row(id, OWNER);
      return readRequest(id);
    },

    setMaxQueued: (limit) => admission.setMaxQueued(limit),
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
