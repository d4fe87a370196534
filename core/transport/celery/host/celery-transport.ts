/**
 * Sends attempts to workers over RabbitMQ, as Celery would, and takes their results. What is out stands in the outbox of the
 * database; everything else here is memory that a restart makes again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RanOn } from '../../../../contract/job.ts';
import type { TransportStatus } from '../../../../contract/transport.ts';
import { portableRequest } from '../../../document/portable-request.ts';
import { InfluxionError } from '../../../error.ts';
import type { AttemptKey } from '../../../jobs/output-store.ts';
import type { PipelineResult, StageTimings } from '../../../jobs/pipeline.ts';
import type { Clock, Logger } from '../../../ports.ts';
import type { Db } from '../../../store/db.ts';
import type { OutboxRepository } from '../../../store/outbox-repository.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Transport, TransportJob } from '../../transport.ts';
import type { CelerySettings } from '../celery-settings.ts';
import { placeIn } from '../generate-pdf.ts';
import type { TaskResult } from '../result-message.ts';
import { createBrokerLink } from './broker-link.ts';
import { signOnHost, signsWherePrinted, type HostSigning } from './host-signing.ts';
import { remoteDocument } from './remote-document.ts';
import { SentTasks, type SentTask } from './sent-tasks.ts';
import { taskIdOf } from './task-id.ts';
import { createTaskSender } from './task-sender.ts';

export interface CeleryTransportOptions {
  readonly settings: CelerySettings;
  readonly db: Db;
  readonly outbox: OutboxRepository;
  readonly blobs: BlobStore;
  /** Runs what cannot be sent, and signs. */
  readonly local: Pick<Transport, 'run'>;
  readonly signing: HostSigning;
  readonly here: RanOn;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds without a sign of life after which an attempt counts as lost. */
  readonly leaseMs: number;
  /** Milliseconds that an attempt may take on a worker. */
  readonly attemptMs: number;
}

/** So many jobs for each that the workers can run at once keep them busy, and what is urgent is not far behind. */
const JOBS_PER_SLOT = 4;
const LEAST_WINDOW = 64;
const MOST_WINDOW = 2_000;
/** What events get to come after the result that they tell of. */
const LATE_NEWS_MS = 250;

export function createCeleryTransport(options: CeleryTransportOptions): Transport {
  const { settings, db, outbox, blobs, local, signing, clock } = options;
  const logger = options.logger.child({ part: 'celery' });
  const tasks = new SentTasks();
  const replyQueue = `influxion.results.${outbox.installation}`;
  let order = 0;
  let published = 0;
  const link = createBrokerLink({ settings, tasks, replyQueue, clock, logger, leaseMs: options.leaseMs });
  const sender = createTaskSender({
    connection: () => link.connection,
    broker: (signal) => link.ready(signal),
    blobs,
    inlineBytes: settings.blobs.inlineBytes,
    queue: settings.queue.name,
    replyQueue,
    attemptMs: options.attemptMs,
    declare: () => link.declareQueue(),
    logger,
  });

  const idOf = (key: AttemptKey): string => taskIdOf(outbox.installation, key);

  /** False when the attempt has to run here. */
  async function send(task: SentTask): Promise<boolean> {
    const sent = await sender.send(task.job, task.taskId, async () => {
      const { request, prepared } = await portableRequest(signing.library, await task.job.request());
      if (settings.signing === 'worker') return request;
      if (signsWherePrinted(prepared)) return undefined;
      task.isSigned = prepared.settings.signKeyId !== undefined;
      return { ...request, sign_key_id: null, signature: null };
    });
    if (sent === 'kept') return false;
    task.hasPayload = sent === 'apart';
    task.order = order += 1;
    task.heardAt = clock.monotonic();
    published += 1;
    // Not waited for: a result that is faster ends the attempt all the same.
    db.write(() => outbox.markPublished(task)).catch((error: unknown) => {
      logger.warn({ err: error, job: task.id }, 'it could not be noted that a task was sent');
    });
    return true;
  }

  function heardPlace({ worker }: SentTask): RanOn | undefined {
    return worker === undefined ? undefined : { host: worker, version: link.versionOf(worker) };
  }

  async function placeOf(task: SentTask, { result }: TaskResult): Promise<RanOn | undefined> {
    const named = placeIn(result);
    if (named !== undefined) return named;
    // Celery's solo pool tells of a task when it is done with it.
    await Promise.race([task.placed, sleep(LATE_NEWS_MS, undefined, { ref: false })]);
    return heardPlace(task);
  }

  async function finish(task: SentTask): Promise<PipelineResult> {
    const { job } = task;
    const result = await orAborted(task.result, job.signal);
    tellPlace(job, await placeOf(task, result));
    const { pdf, facts } = await remoteDocument(result, job, blobs);
    if (facts.url === null && task.hasPayload === false) task.hasBlobs = false;
    const { render = 0, print = 0, conform = 0, sign = 0 } = facts.timings_ms;
    const spent = render + print + conform + sign;
    const timings = definedOf(facts.timings_ms);
    timings.queue = Math.max(0, clock.monotonic() - task.since - spent);
    const made = { pdf, warnings: facts.warnings, timings };
    if (settings.signing === 'worker') return { ...made, signature: facts.signature ?? undefined };
    if (task.isSigned === false) return made;
    const begun = clock.monotonic();
    const signed = await signOnHost(pdf, await job.request(), signing, {
      signal: job.signal,
      onSign: () => job.onStage('sign'),
    });
    if (signed === undefined) return made;
    return {
      ...made,
      pdf: signed.pdf,
      warnings: [...facts.warnings, ...signed.warnings],
      signature: signed.signature,
      signedOn: options.here.host,
      timings: { ...timings, sign: clock.monotonic() - begun },
    };
  }

  async function run(job: TransportJob): Promise<PipelineResult> {
    const task = tasks.add(idOf(job), job, clock.monotonic());
    try {
      if (outbox.isPublished(job)) task.order = order += 1;
      else if (!(await send(task))) return await local.run(job);
      return await finish(task);
    } catch (error) {
      if (task.delivery === undefined) tellPlace(job, heardPlace(task));
      if (job.signal.aborted && !isStopping(job.signal)) link.revoke(task.taskId);
      if (InfluxionError.is(error) && (error.code === 'WORKER_LOST' || error.code === 'TASK_LOST')) {
        link.revoke(task.taskId);
      }
      throw error;
    }
  }

  return {
    outbox,
    run,
    window: () => Math.min(MOST_WINDOW, Math.max(LEAST_WINDOW, link.concurrency * JOBS_PER_SLOT)),
    settled(key) {
      // An attempt that goes on without this process keeps its result for the next one.
      if (outbox.owns(key)) return;
      const taskId = idOf(key);
      if (tasks.get(taskId)?.hasBlobs !== false) void blobs.remove(key);
      tasks.end(taskId);
    },
    status: (): TransportStatus => {
      const { broker, workers, counts } = link.status();
      return { kind: 'celery', out: tasks.size, broker, workers, counts: { ...counts, published } };
    },
    start: () => link.start(),
    close: () => link.close(),
  };
}

function tellPlace(job: TransportJob, place: RanOn | undefined): void {
  if (place !== undefined) job.onPlace(place);
}

/** What is out goes on without this process. */
const isStopping = ({ reason }: AbortSignal): boolean =>
  InfluxionError.is(reason) && reason.code === 'SHUTTING_DOWN';

function definedOf(timings: Readonly<Record<string, number | undefined>>): StageTimings {
  return Object.fromEntries(Object.entries(timings).filter(([, took]) => took !== undefined && took >= 0));
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
