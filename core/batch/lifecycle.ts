/** How a batch goes from state to state: reading, running, finishing, and what a person asks for in between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { InfluxionError } from '../error.ts';
import type { RowJobs } from '../jobs/row-jobs.ts';
import type { Clock, Logger } from '../ports.ts';
import type { BatchRecord, BatchRepository } from '../store/batch-repository.ts';
import type { BatchRowRecord, BatchRowRepository } from '../store/batch-row-repository.ts';
import type { Db } from '../store/db.ts';
import type { DiskCalls } from '../store/durable-file.ts';
import { storageFault } from '../store/storage-error.ts';
import { wrongState } from './batch-errors.ts';
import type { RowGangs } from './ahead/row-gangs.ts';
import type { BatchFolders } from './batch-folders.ts';
import { createDestination, type Destination } from './destination.ts';
import { requeueMissing, writeResults } from './output/finish-batch.ts';
import type { MergeBatch } from './output/merge-batch.ts';
import { describeOutputError } from './output-error.ts';
import { paced } from './paced.ts';
import type { PinnedTemplates } from './pin/pinned-templates.ts';
import { createBatchRunner, type RunningFacts } from './runner.ts';
import { takeIn } from './take-in.ts';

export interface LifecycleDeps {
  readonly db: Db;
  readonly batches: BatchRepository;
  readonly rows: BatchRowRepository;
  readonly jobs: RowJobs;
  readonly pins: PinnedTemplates;
  readonly folders: BatchFolders;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly disk?: DiskCalls;
  readonly merge?: MergeBatch;
  readonly gangs?: RowGangs;
  /** Milliseconds after its end for which a batch is kept, with the documents that it keeps itself. */
  readonly keptMs: () => number;
  /** Inside the transaction that writes the end of a batch. */
  readonly ended: (record: BatchRecord) => void;
  readonly changed: (batchId: number) => void;
}

export interface Lifecycle {
  /** A batch that was just written down: its rows are taken in, then it runs. */
  begin(record: BatchRecord): void;
  /** These say false when the batch is in no state for it. */
  pause(record: BatchRecord): Promise<boolean>;
  resume(record: BatchRecord): Promise<boolean>;
  cancel(record: BatchRecord): Promise<boolean>;
  /** Failed rows once more, and those that a cancel left out; how many. */
  retry(record: BatchRecord, rows: readonly number[] | undefined): Promise<number>;
  /** Lets a batch run again because of what `work` changed; its count. BATCH_STATE while it is read or finished. */
  again(record: BatchRecord, work: () => number): Promise<number>;
  remove(record: BatchRecord): Promise<void>;
  facts(batchId: number): RunningFacts;
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** Rows in one transaction. */
const STEP = 2_000;
/** After so many rounds in which documents vanished somebody must be told. */
const MAX_ROUNDS = 3;
const RETRY = { baseMs: 1_000, capMs: 30_000 };
/** Milliseconds between two tidings of one batch. */
const PACE_MS = 100;
const HOUR_MS = 3_600_000;

export function createLifecycle(deps: LifecycleDeps): Lifecycle {
  const { db, batches, rows, folders, clock, logger } = deps;
  // As of now: later there are also those of batches that are just being started, which have no record yet.
  const leftBehind = namesIn(folders.all);
  const closing = new AbortController();
  const reading = new Map<number, AbortController>();
  const rounds = new Map<number, number>();
  const problems = new Map<number, string>();
  const background = new Set<Promise<void>>();
  const isClosing = (): boolean => closing.signal.aborted;
  const changes = paced(deps.changed, PACE_MS);
  const destinationOf = (record: BatchRecord): Destination =>
    createDestination(record.output_folder, record.folder);
  const runner = createBatchRunner({
    ...deps,
    keepsIds: async (pin) => isFinished(await deps.pins.load(pin)),
    changed: (id) => changes.note(id),
    drained: (id) => inBackground(id, () => finish(id)),
  });

  function inBackground(id: number, work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) logger.error({ err: error, batch: id }, 'a batch could not go on');
      })
      .finally(() => background.delete(running));
    background.add(running);
  }

  async function read(record: BatchRecord): Promise<void> {
    const stop = new AbortController();
    reading.set(record.id, stop);
    try {
      await takeIn(
        record,
        { ...deps, taken: () => changes.note(record.id) },
        AbortSignal.any([stop.signal, closing.signal]),
      );
      const runs = await db.write(() =>
        batches.move(record.id, ['reading'], 'running', { started: clock.now() }),
      );
      if (runs) runner.run(batches.get(record.id) ?? record);
    } catch (error) {
      if (closing.signal.aborted) return;
      if (stop.signal.aborted) {
        await inSteps(() => rows.cancelWaiting(record.id, STEP));
        return;
      }
      // Rows before the one that cannot be read are no batch that anybody asked for.
      await db.write(() => batches.clearRows(record.id));
      await fail(record, error, ['reading']);
    } finally {
      reading.delete(record.id);
      changes.note(record.id);
    }
  }

  async function fail(record: BatchRecord, thrown: unknown, from: readonly ('reading' | 'finishing')[]) {
    const error = InfluxionError.from(thrown);
    if (error.code === 'INTERNAL') logger.error({ err: thrown, batch: record.id }, 'a batch failed');
    const { hint } = error.details;
    const message = hint === undefined ? error.message : `${error.message} ${hint}`;
    await end(record.id, from, 'failed', message);
  }

  async function end(
    id: number,
    from: Parameters<BatchRepository['move']>[1],
    to: 'done' | 'failed' | 'cancelled',
    error: string | null = null,
  ): Promise<boolean> {
    const moved = await db.write(() => {
      if (!batches.move(id, from, to, { ended: clock.now(), error })) return false;
      const record = batches.get(id);
      if (record !== undefined) deps.ended(record);
      return true;
    });
    changes.note(id);
    return moved;
  }

  async function finish(id: number): Promise<void> {
    if (!(await db.write(() => batches.move(id, ['running'], 'finishing', {})))) return;
    const record = batches.get(id);
    if (record !== undefined) await finishUp(record);
  }

  async function finishUp(record: BatchRecord): Promise<void> {
    const { id } = record;
    changes.note(id);
    const destination = destinationOf(record);
    for (let failures = 1; !closing.signal.aborted; failures += 1) {
      try {
        if ((await requeueMissing(record, destination, deps)) > 0 && (await runAgain(id))) return;
        await destination.sweep();
        const { merge } = deps;
        const context = { db, rows, merge, now: () => clock.now() };
        const warnings = await writeResults(record, destination, context, closing.signal);
        problems.delete(id);
        rounds.delete(id);
        await db.write(() => batches.setWarnings(id, warnings));
        await end(id, ['finishing'], 'done');
        return;
      } catch (error) {
        if (isClosing()) return;
        if (storageFault(error) === undefined) {
          await fail(record, error, ['finishing']);
          return;
        }
        problems.set(id, describeOutputError(error));
        changes.note(id);
        logger.warn({ err: error, batch: id }, 'a batch cannot be finished yet');
        await pause(failures);
      }
    }
  }

  /** Documents vanished: their rows run once more. */
  async function runAgain(id: number): Promise<boolean> {
    const round = (rounds.get(id) ?? 0) + 1;
    rounds.set(id, round);
    if (round > MAX_ROUNDS) {
      throw new InfluxionError('OUTPUT_MISSING', 'Documents of the batch keep vanishing from their folder.', {
        hint: 'Find out who removes them, then try it again.',
      });
    }
    const runs = await db.write(() => batches.move(id, ['finishing'], 'running', {}));
    const record = batches.get(id);
    if (runs && record !== undefined) runner.run(record);
    return runs;
  }

  const pause = (failures: number): Promise<void> =>
    sleep(Math.min(RETRY.capMs, RETRY.baseMs * 2 ** Math.min(failures - 1, 10)), undefined, {
      signal: closing.signal,
      ref: false,
    }).then(
      () => undefined,
      () => undefined,
    );

  /** A part at a time, so that nothing waits long for a table of millions. */
  async function inSteps(step: () => number): Promise<number> {
    let total = 0;
    for (;;) {
      const changed = await db.write(step);
      total += changed;
      if (changed < STEP) return total;
    }
  }

  async function again(record: BatchRecord, work: () => number): Promise<number> {
    const { id } = record;
    const count = await db.write(() => {
      const now = batches.get(id);
      if (now === undefined) return 0;
      if (now.state === 'reading' || now.state === 'finishing') {
        throw wrongState(id, now.state, 'wait until that is over');
      }
      const changed = work();
      if (changed > 0) batches.move(id, ['done', 'failed', 'cancelled'], 'running', { started: clock.now() });
      return changed;
    });
    const now = batches.get(id);
    if (count > 0 && now?.state === 'running') runner.run(now);
    changes.note(id);
    return count;
  }

  async function remove({ id, folder, pin }: BatchRecord): Promise<void> {
    await db.write(() => batches.remove(id));
    await rm(folders.of(folder), { recursive: true, force: true });
    if (!batches.isPinned(pin)) await deps.pins.remove(pin);
  }

  async function removeOld(): Promise<void> {
    for (const record of batches.endedBefore(clock.now() - deps.keptMs())) {
      if (isClosing()) return;
      await remove(record);
    }
  }

  let hourly: NodeJS.Timeout | undefined;
  const housekeeping = (): void => {
    removeOld().catch((error: unknown) => logger.warn({ err: error }, 'old batches stay'));
  };

  return {
    begin: (record) => inBackground(record.id, () => read(record)),

    async pause({ id }) {
      const paused = await db.write(() => batches.move(id, ['running'], 'paused', {}));
      if (paused) runner.hold(id);
      changes.note(id);
      return paused;
    },

    async resume({ id }) {
      const resumed = await db.write(() => batches.move(id, ['paused'], 'running', {}));
      const record = batches.get(id);
      if (resumed && record !== undefined) runner.run(record);
      changes.note(id);
      return resumed;
    },

    async cancel(record) {
      const { id } = record;
      if (!(await end(id, ['reading', 'running', 'paused', 'finishing'], 'cancelled'))) return false;
      reading.get(id)?.abort();
      runner.hold(id);
      await inSteps(() => rows.cancelWaiting(id, STEP));
      await runner.cancelRunning(id);
      await destinationOf(record).sweep();
      changes.note(id);
      return true;
    },

    async retry(record, numbers) {
      const { id, state } = record;
      if (numbers !== undefined) {
        return again(record, () => {
          let count = 0;
          for (const number of numbers) {
            const row = rows.get(id, number);
            if (isRetryable(row) && rows.requeue(row)) count += 1;
          }
          return count;
        });
      }
      let total = 0;
      // What only could not be finished has no row that failed.
      if (state === 'failed' && record.failed === 0 && record.done > 0)
        return again(record, () => record.done);
      for (const which of state === 'cancelled'
        ? (['failed', 'cancelled'] as const)
        : (['failed'] as const)) {
        for (let changed = STEP; changed === STEP; total += changed) {
          changed = await again(record, () => rows.requeueAll(id, which, STEP));
        }
      }
      return total;
    },

    again,

    remove,

    facts(id) {
      const facts = runner.facts(id);
      return { ...facts, problem: problems.get(id) ?? facts.problem };
    },

    async recover() {
      const known = new Set(batches.folders());
      for (const name of leftBehind) {
        if (!known.has(name)) await rm(folders.of(name), { recursive: true, force: true });
      }
      for (const id of batches.halfCancelled()) await inSteps(() => rows.cancelWaiting(id, STEP));
      for (const [id, running] of Map.groupBy(rows.running(), (row) => row.batch_id)) {
        const record = batches.get(id);
        if (record !== undefined) runner.adopt(record, running);
      }
      for (const record of batches.open()) {
        if (reading.has(record.id)) continue;
        if (record.state === 'reading') inBackground(record.id, () => read(record));
        else if (record.state === 'running') runner.run(record);
        else if (record.state === 'finishing') inBackground(record.id, () => finishUp(record));
      }
      housekeeping();
      hourly ??= setInterval(housekeeping, HOUR_MS).unref();
    },

    async close() {
      closing.abort();
      clearInterval(hourly);
      changes.stop();
      await runner.close();
      await Promise.all(background);
    },
  };
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

const isRetryable = (row: BatchRowRecord | undefined): row is BatchRowRecord =>
  row !== undefined && row.name !== null && (row.state === 'failed' || row.state === 'cancelled');

/** Whether its documents are more than their prints, and so can carry their id at no cost. */
const isFinished = ({ defaults, options }: Awaited<ReturnType<PinnedTemplates['load']>>): boolean =>
  defaults.pdf_standard != null ||
  defaults.sign_key_id != null ||
  Object.keys(defaults.metadata ?? {}).length > 0 ||
  (defaults.attachments ?? []).length > 0 ||
  options.reproducible === true;
