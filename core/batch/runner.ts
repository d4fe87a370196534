/**
 * Lets the rows of the batches that run into the queue, a few at a time and each batch in turn, and settles them. So few
 * are in the queue at once that a job which somebody waits for always finds an attempt that is free.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerateRequest } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { RowJobs } from '../jobs/row-jobs.ts';
import type { Clock, Logger } from '../ports.ts';
import type { BatchRecord } from '../store/batch-repository.ts';
import type { BatchRowRecord, BatchRowRepository } from '../store/batch-row-repository.ts';
import type { Db } from '../store/db.ts';
import type { DiskCalls } from '../store/durable-file.ts';
import { RowsAhead, type AheadRow, type EnteringRow } from './ahead/rows-ahead.ts';
import type { RowGangs } from './ahead/row-gangs.ts';
import type { BatchFolders } from './batch-folders.ts';
import type { Destination } from './destination.ts';
import { createDestination } from './destination.ts';
import { describeOutputError } from './output-error.ts';
import { createRate, type Rate } from './rate.ts';
import { readSpool, type SpoolReader } from './row-spool.ts';
import { settleRow } from './settle-row.ts';

export interface RunnerDeps {
  readonly db: Db;
  readonly rows: BatchRowRepository;
  readonly jobs: RowJobs;
  readonly folders: BatchFolders;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the documents, for tests that make it fail. */
  readonly disk?: DiskCalls;
  /** Prints rows together; absent where jobs run elsewhere. */
  readonly gangs?: RowGangs;
  /** Whether documents of the pin are given their id: they are finished after their print anyway. */
  readonly keepsIds: (pin: string) => Promise<boolean>;
  /** Rows of a batch have changed. */
  readonly changed: (batchId: number) => void;
  /** No row of a batch waits or runs any more. */
  readonly drained: (batchId: number) => void;
}

export interface RunningFacts {
  readonly problem: string | null;
  readonly perMinute: number | null;
}

export interface BatchRunner {
  /** Rows of the batch enter the queue from now on. */
  run(record: BatchRecord): void;
  /** None enters any more; those in the queue are settled. */
  hold(batchId: number): void;
  /** Takes up rows whose jobs were in the queue when the host stopped; the batch itself may run or not. */
  adopt(record: BatchRecord, rows: readonly BatchRowRecord[]): void;
  /** Ends the jobs of a batch that are in the queue. */
  cancelRunning(batchId: number): Promise<void>;
  facts(batchId: number): RunningFacts;
  close(): Promise<void>;
}

interface Active {
  readonly record: BatchRecord;
  readonly destination: Destination;
  readonly spool: SpoolReader;
  readonly rate: Rate;
  isEntering: boolean;
  /** Undefined before the first row enters, and while none does. */
  ahead: RowsAhead | undefined;
  /** Jobs in the queue or not yet settled, with what lets go of their print. */
  readonly open: Map<number, () => void>;
  running: number;
  /** Rows to look at in the next turn, where those of the last one were all unchanged. */
  step: number;
  problem: string | null;
  failures: number;
}

/** Fewer than this would let the disk and the browser wait for each other. */
const LEAST_AT_ONCE = 2;
/** Jobs that have ended and are not settled; a slow disk holds the batch up before they pile up. */
const MAX_UNSETTLED = 64;
/** Rows that an earlier batch has made are looked through in such steps. */
const UNCHANGED_STEP = 64;
/** Printing together begins with comparisons, which fewer rows do not make up for. */
const GANG_LEAST = 40;
const RETRY = { baseMs: 1_000, capMs: 30_000 };

export function createBatchRunner(deps: RunnerDeps): BatchRunner {
  const { db, rows, jobs, folders, clock, logger } = deps;
  const active = new Map<number, Active>();
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  let running = 0;
  let unsettled = 0;
  let pumping: Promise<void> | undefined;
  let isAsked = false;

  function activate(record: BatchRecord): Active {
    const known = active.get(record.id);
    if (known !== undefined) return known;
    const made: Active = {
      record,
      destination: createDestination(record.output_folder, record.folder, deps.disk),
      spool: readSpool(folders.spool(record.folder)),
      rate: createRate(() => clock.monotonic()),
      isEntering: false,
      ahead: undefined,
      open: new Map(),
      running: 0,
      step: 0,
      problem: null,
      failures: 0,
    };
    active.set(record.id, made);
    return made;
  }

  function wake(): void {
    if (closing.signal.aborted) return;
    isAsked = true;
    pumping ??= pump().finally(() => {
      pumping = undefined;
      if (isAsked) wake();
    });
  }

  async function pump(): Promise<void> {
    while (isAsked && !closing.signal.aborted) {
      isAsked = false;
      for (const batch of [...active.values()]) {
        if (isClosing()) return;
        if (batch.isEntering && batch.problem === null) await advance(batch);
      }
    }
  }

  /** One turn of a batch: each has an equal share of what is free. */
  async function advance(batch: Active): Promise<void> {
    const sharing = [...active.values()].filter(({ isEntering, problem }) => isEntering && problem === null);
    const atOnce = Math.max(LEAST_AT_ONCE, jobs.capacity() - 1);
    const share = Math.ceil(atOnce / sharing.length);
    const free = unsettled >= MAX_UNSETTLED ? 0 : Math.min(atOnce - running, share - batch.running);
    try {
      const ahead = batch.ahead ?? (await openAhead(batch));
      // Held while that was found out: what would be printed now nobody would let go of.
      if (!batch.isEntering || active.get(batch.record.id) !== batch) return;
      batch.ahead = ahead;
      const wanted = ahead.wants(free);
      if (wanted > 0 || ahead.size === 0) {
        const next = rows
          .waiting(batch.record.id, ahead.size + Math.max(1, wanted, batch.step))
          .filter(({ row }) => !ahead.holds(row));
        if (next.length === 0 && ahead.size === 0) {
          if (batch.open.size === 0) finish(batch);
          return;
        }
        if (wanted > 0) await look(batch, ahead, next, wanted);
      }
      if (free > 0) await enter(batch, ahead.take(free));
      batch.failures = 0;
    } catch (error) {
      holdUp(batch, error);
    }
  }

  async function openAhead({ record }: Active): Promise<RowsAhead> {
    const isWorthIt = rows.waiting(record.id, GANG_LEAST).length === GANG_LEAST;
    const gang = isWorthIt ? await deps.gangs?.open(record.pin) : undefined;
    return new RowsAhead({ gang, logger, changed: wake });
  }

  /** Hands over those that are to be made; there is more to look at after some that are not. */
  async function look(
    batch: Active,
    ahead: RowsAhead,
    next: readonly BatchRowRecord[],
    wanted: number,
  ): Promise<void> {
    const changed = await withoutUnchanged(batch, next);
    batch.step = changed.length === 0 ? UNCHANGED_STEP : 0;
    const handed: AheadRow[] = await Promise.all(
      changed.slice(0, wanted).map(async (record) => ({ record, request: await requestOf(batch, record) })),
    );
    ahead.add(handed);
    if (changed.length < next.length || (handed.length > 0 && ahead.wants(0) > 0)) isAsked = true;
  }

  function finish(batch: Active): void {
    release(batch);
    deps.drained(batch.record.id);
  }

  function release(batch: Active): void {
    active.delete(batch.record.id);
    batch.ahead?.drop();
    void batch.spool[Symbol.asyncDispose]();
  }

  /** Settles the rows whose documents an earlier batch has made, and that are still there as they were. */
  async function withoutUnchanged(
    batch: Active,
    next: readonly BatchRowRecord[],
  ): Promise<readonly BatchRowRecord[]> {
    const { record, destination } = batch;
    const unchanged = new Map<BatchRowRecord, BatchRowRecord>();
    for (const row of next) {
      const earlier = rows.sameAs(row, record.output_folder);
      if (earlier?.name == null || earlier.size !== (await destination.size(earlier.name))) continue;
      if (earlier.sha256 === (await destination.sha256(earlier.name))) unchanged.set(row, earlier);
    }
    if (unchanged.size === 0) return next;
    await db.write(() => {
      for (const [row, { pages, size, sha256, warnings }] of unchanged) {
        rows.finish(row, { pages, size: size ?? 0, sha256: sha256 ?? '', warnings, unchanged: true });
      }
    });
    deps.changed(record.id);
    return next.filter((row) => !unchanged.has(row));
  }

  async function enter(batch: Active, entering: readonly EnteringRow[]): Promise<void> {
    if (entering.length === 0) return;
    const { record } = batch;
    let entered: readonly number[] = [];
    const note = (ids: readonly number[]): void => {
      entered = ids;
      ids.forEach((id, at) => batch.open.set(id, entering[at]?.release ?? nothing));
      running += ids.length;
      batch.running += ids.length;
    };
    const entry = jobs.enter(
      entering.map(({ record: { name }, request }) => ({
        batchId: record.id,
        clientId: record.client_id,
        documentId: name === null ? null : stemOf(name),
        templateId: record.template_id,
        pdfStandard: record.pdf_standard,
        request,
      })),
      (ids) => {
        // Rolled back with the jobs when a row is no longer waiting: it was cancelled meanwhile.
        ids.forEach((id, at) => {
          const row = entering[at]?.record;
          if (row === undefined || !rows.start(row, id)) throw rowGone();
        });
        note(ids);
      },
      (id) => ended(batch, id),
    );
    await entry.catch((error: unknown) => {
      for (const { release } of entering) release();
      for (const id of entered) batch.open.delete(id);
      running -= entered.length;
      batch.running -= entered.length;
      throw error;
    });
    deps.changed(record.id);
  }

  async function requestOf({ record, spool }: Active, row: BatchRowRecord): Promise<GenerateRequest> {
    const json = row.data ?? (await spool.read(row));
    return {
      html_template: { id: record.pin },
      data: JSON.parse(json) as unknown,
      ...(row.name !== null && (await deps.keepsIds(record.pin)) && { document_id: stemOf(row.name) }),
    };
  }

  function ended(batch: Active, id: number): void {
    // A host that stops lets go of everybody who waits; the job is taken up at the next start.
    if (closing.signal.aborted || !batch.open.has(id)) return;
    batch.open.get(id)?.();
    running -= 1;
    batch.running -= 1;
    unsettled += 1;
    wake();
    void settle(batch, id);
  }

  async function settle(batch: Active, id: number): Promise<void> {
    for (let failures = 1; !closing.signal.aborted; failures += 1) {
      try {
        const row = rows.byJob(id);
        const outcome =
          row === undefined ? 'settled' : await settleRow(row, batch.destination, { db, rows, jobs });
        if (outcome === 'open') return;
        if (outcome === 'settled') batch.rate.add();
        if (failures > 1) batch.problem = null;
        break;
      } catch (error) {
        batch.problem = describeOutputError(error);
        logger.warn(
          { err: error, batch: batch.record.id, job: id },
          'a document could not be put in its place',
        );
        deps.changed(batch.record.id);
        await pause(failures);
      }
    }
    if (closing.signal.aborted) return;
    unsettled -= 1;
    batch.open.delete(id);
    deps.changed(batch.record.id);
    if (!batch.isEntering && batch.open.size === 0) release(batch);
    wake();
  }

  /** Something that is not the row's fault: it is tried again, later and later. */
  function holdUp(batch: Active, error: unknown): void {
    if (closing.signal.aborted) return;
    if (InfluxionError.is(error) && error.code === 'ROW_NOT_FOUND') {
      isAsked = true;
      return;
    }
    batch.failures += 1;
    batch.problem = describeOutputError(error);
    logger.warn({ err: error, batch: batch.record.id }, 'a batch is held up');
    deps.changed(batch.record.id);
    void pause(batch.failures).then(() => {
      batch.problem = null;
      wake();
    });
  }

  const pause = (failures: number): Promise<void> =>
    sleep(Math.min(RETRY.capMs, RETRY.baseMs * 2 ** Math.min(failures - 1, 10)), undefined, {
      signal: closing.signal,
      ref: false,
    }).then(
      () => undefined,
      () => undefined,
    );

  return {
    run(record) {
      const batch = activate(record);
      batch.isEntering = true;
      void batch.destination.sweep().then(wake);
    },
    hold(batchId) {
      const batch = active.get(batchId);
      if (batch === undefined) return;
      batch.isEntering = false;
      batch.ahead?.drop();
      batch.ahead = undefined;
      if (batch.open.size === 0) release(batch);
    },
    adopt(record, adopted) {
      const batch = activate(record);
      for (const { job_id: id } of adopted) {
        if (id === null) continue;
        batch.open.set(id, nothing);
        running += 1;
        batch.running += 1;
        jobs.watch(id, (one) => ended(batch, one));
      }
    },
    async cancelRunning(batchId) {
      for (const id of [...(active.get(batchId)?.open.keys() ?? [])]) await jobs.cancel(id);
    },
    facts(batchId) {
      const batch = active.get(batchId);
      return { problem: batch?.problem ?? null, perMinute: batch?.rate.perMinute() ?? null };
    },
    async close() {
      closing.abort();
      await pumping?.catch(() => undefined);
      for (const batch of [...active.values()]) release(batch);
    },
  };
}

const nothing = (): void => undefined;

const stemOf = (name: string): string =>
  name
    .replace(/\.pdf$/, '')
    .slice(0, 200)
    .toWellFormed();

const rowGone = (): InfluxionError => new InfluxionError('ROW_NOT_FOUND', 'The row no longer waits.');
