/** Batches and rows as the edges show them. */
import type { Batch, BatchOutput, BatchRow } from '../../contract/batch.ts';
import type { JobErrorDetail } from '../../contract/job.ts';
import type { BatchRecord } from '../store/batch-repository.ts';
import type { BatchRowRecord } from '../store/batch-row-repository.ts';
import type { RunningFacts } from './runner.ts';

export function toBatch(record: BatchRecord, { problem, perMinute }: RunningFacts): Batch {
  const left = record.waiting + record.running;
  const isRunning = record.state === 'running';
  return {
    id: record.id,
    state: record.state,
    title: record.title,
    template_id: record.template_id,
    pdf_standard: record.pdf_standard,
    source: record.source,
    name: record.pattern,
    output: JSON.parse(record.output) as BatchOutput,
    created_at: iso(record.created_at),
    started_at: record.started_at === null ? null : iso(record.started_at),
    ended_at: record.ended_at === null ? null : iso(record.ended_at),
    rows: {
      total: record.total,
      waiting: record.waiting,
      running: record.running,
      done: record.done,
      failed: record.failed,
      cancelled: record.cancelled,
      unchanged: record.unchanged,
    },
    pages: record.pages,
    bytes: record.bytes,
    per_minute: perMinute === null ? null : Math.round(perMinute * 10) / 10,
    time_left_ms:
      isRunning && perMinute !== null && perMinute > 0 ? Math.round((left / perMinute) * 60_000) : null,
    problem,
    error: record.error,
    warnings: JSON.parse(record.warnings) as string[],
  };
}

export function toBatchRow(record: BatchRowRecord): BatchRow {
  const detail = record.error_detail === null ? null : (JSON.parse(record.error_detail) as JobErrorDetail);
  return {
    row: record.row,
    line: record.line,
    state: record.state,
    name: record.name,
    pages: record.pages,
    size: record.size,
    sha256: record.sha256,
    unchanged: record.unchanged === 1,
    error: detail?.message ?? null,
    error_detail: detail,
    warnings: record.warnings,
  };
}

const iso = (time: number): string => new Date(time).toISOString();
