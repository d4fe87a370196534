/** `influxion batch` from its arguments to the last document, whoever owns the data folder. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Batch,
  BatchAccepted,
  BatchList,
  BatchRowList,
  DryRun,
  type BatchOutput,
} from '../contract/batch.ts';
import { InfluxionError } from '../core/error.ts';
import { batchRequestOf, outputOf } from './batch-request.ts';
import type { BatchArguments } from './commands/batch.ts';
import { connectToWork } from './connect-to-work.ts';
import { EXIT } from './exit-code.ts';
import { call, callJson, jsonBody, type HostConnection } from './host-connection.ts';
import { dieOf, listenForInterruption } from './interruption.ts';
import { note, printJson, printResult, ProgressLine, warn } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const LOOK_MS = 500;
/** Where there is no terminal each look would be a line. */
const LOOK_IN_LOG_MS = 10_000;
const MOST_FAILURES_SHOWN = 10;
const ENDED: readonly string[] = ['done', 'failed', 'cancelled'];

const targetOf = (output: BatchOutput): string | null | undefined =>
  output.type === 'folder' ? output.folder : output.file;

/** The newest batch into the same place. */
async function findBatch(connection: HostConnection, output: BatchOutput): Promise<Batch | undefined> {
  const { batches } = await callJson(connection, BatchList, { method: 'GET', path: '/batch?limit=200' });
  return batches.find((batch) => targetOf(batch.output) === targetOf(output));
}

const post = (connection: HostConnection, path: string): Promise<Batch> =>
  callJson(connection, Batch, { method: 'POST', path, body: jsonBody({}) });

async function resume(connection: HostConnection, output: BatchOutput): Promise<Batch> {
  const batch = await findBatch(connection, output);
  if (batch === undefined) {
    throw new InfluxionError('BATCH_NOT_FOUND', `There is no batch into ${targetOf(output) ?? ''}.`, {
      hint: 'Start one: influxion batch TEMPLATE --rows F …; --data names the data folder that it was started in.',
    });
  }
  if (batch.state === 'paused') return post(connection, `/batch/${batch.id}/resume`);
  const isMendable = batch.state === 'cancelled' || batch.rows.failed > 0;
  if (ENDED.includes(batch.state) && isMendable) return post(connection, `/batch/${batch.id}/retry`);
  return batch;
}

async function start(
  connection: HostConnection,
  template: string | undefined,
  options: BatchArguments,
  output: BatchOutput,
): Promise<Batch> {
  const request = await batchRequestOf(template, options, output);
  const earlier = await findBatch(connection, output);
  if (earlier !== undefined && !ENDED.includes(earlier.state)) {
    await post(connection, `/batch/${earlier.id}/cancel`);
    note(
      `An unfinished batch into ${targetOf(output) ?? ''} was given up; what it made and is the same is kept.`,
    );
  }
  const { batch_id: id } = await callJson(connection, BatchAccepted, {
    method: 'POST',
    path: '/pdf/batch',
    body: jsonBody(request),
  });
  return look(connection, id);
}

const look = (connection: HostConnection, id: number): Promise<Batch> =>
  callJson(connection, Batch, { method: 'GET', path: `/batch/${id}` });

const count = (number: number): string => number.toLocaleString('en');

function timeText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function progressText({ state, rows, per_minute: rate, time_left_ms: left, problem }: Batch): string {
  if (state === 'reading') return `Reading the rows: ${count(rows.total)} so far …`;
  if (state === 'finishing') return 'Finishing …';
  const facts = [`${count(rows.done)} of ${count(rows.total)}`];
  if (rows.failed > 0) facts.push(`${count(rows.failed)} failed`);
  if (rate !== null) facts.push(`${count(Math.round(rate))} a minute`);
  if (left !== null) facts.push(`${timeText(left)} left`);
  return problem ?? facts.join(' · ');
}

/** Resolves when the batch has ended, or nobody lets it go on. */
async function follow(
  connection: HostConnection,
  first: Batch,
  options: BatchArguments,
  signal: AbortSignal,
): Promise<Batch> {
  const progress = new ProgressLine();
  let batch = first;
  let shownAt = Number.NEGATIVE_INFINITY;
  try {
    while (!ENDED.includes(batch.state) && batch.state !== 'paused') {
      const now = performance.now();
      const isDue = process.stderr.isTTY || now - shownAt >= LOOK_IN_LOG_MS;
      if (isDue && options.quiet !== true) {
        progress.update(progressText(batch));
        shownAt = now;
      }
      await sleep(LOOK_MS, undefined, { signal });
      batch = await look(connection, batch.id);
    }
    return batch;
  } finally {
    progress.clear();
  }
}

async function tell(connection: HostConnection, batch: Batch, options: BatchArguments): Promise<void> {
  const { rows, output, state, error } = batch;
  for (const warning of batch.warnings) warn(warning);
  if (options.json === true) await printJson(batch);
  if (rows.failed > 0) {
    const path = `/batch/${batch.id}/rows?state=failed&limit=${MOST_FAILURES_SHOWN}`;
    const { rows: failed } = await callJson(connection, BatchRowList, { method: 'GET', path });
    for (const row of failed) {
      const line = row.line === null ? '' : ` (line ${row.line})`;
      note(`row ${row.row}${line}: ${row.error ?? 'failed'}`);
    }
    if (rows.failed > failed.length)
      note(`… and ${count(rows.failed - failed.length)} more; index.csv lists all.`);
  }
  if (state === 'failed') throw new InfluxionError('ROWS_INVALID', error ?? 'The batch failed.');
  if (options.quiet !== true) {
    const unchanged = rows.unchanged > 0 ? `, ${count(rows.unchanged)} of them left alone as they were` : '';
    note(
      `${count(rows.done)} documents in ${targetOf(output) ?? ''}${unchanged}; ${count(rows.failed)} rows failed.`,
    );
  }
  if (rows.failed > 0 || state !== 'done') process.exitCode = EXIT.failed;
}

async function dryRun(
  connection: HostConnection,
  template: string | undefined,
  options: BatchArguments,
  limit: number,
): Promise<void> {
  const request = await batchRequestOf(template, options, undefined);
  const body = jsonBody(request);
  const path = `/pdf/batch?dry_run=${limit}`;
  const { rows } = await callJson(connection, DryRun, { method: 'POST', path, body });
  if (options.json === true) await printJson(rows);
  else {
    for (const { row, name, data, problem } of rows) {
      await printResult(`row ${row}  ${problem === null ? (name ?? '') : `! ${problem}`}`);
      await printResult(`  ${JSON.stringify(data)}`);
    }
  }
  if (rows.some(({ problem }) => problem !== null)) process.exitCode = EXIT.failed;
}

/** Errors: UsageError, and those of the template, the rows and the host. */
export async function runBatch(template: string | undefined, options: BatchArguments): Promise<void> {
  if (options.resume && template !== undefined) {
    throw new UsageError('--resume goes on with what was started; it takes no template.');
  }
  const output = options.dryRun === undefined ? outputOf(options) : undefined;
  const interruption = listenForInterruption();
  try {
    await using connection = await connectToWork(options.data, options);
    if (output === undefined) {
      await dryRun(connection, template, options, options.dryRun ?? 1);
      return;
    }
    const first = options.resume
      ? await resume(connection, output)
      : await start(connection, template, options, output);
    try {
      await tell(connection, await follow(connection, first, options, interruption.signal), options);
    } catch (error) {
      if (!interruption.signal.aborted) throw error;
      await call(connection, { method: 'POST', path: `/batch/${first.id}/pause`, body: jsonBody({}) }).catch(
        () => undefined,
      );
      note('Paused. The same place with --resume goes on.');
    }
  } finally {
    interruption[Symbol.dispose]();
  }
  const signal = interruption.received();
  if (signal !== undefined) dieOf(signal);
}
