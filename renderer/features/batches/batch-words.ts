/** Batches as people speak of them. */
import type { Batch, BatchState, RowState } from '../../../contract/batch.ts';
import type { Tone } from '../../ui/badge.tsx';
import { formatDuration } from '../../ui/quantity.ts';

export interface Words {
  readonly tone: Tone;
  readonly label: string;
}

const STATES: Record<BatchState, Words> = {
  reading: { tone: 'run', label: 'Reading' },
  running: { tone: 'run', label: 'Running' },
  paused: { tone: 'warn', label: 'Paused' },
  finishing: { tone: 'run', label: 'Finishing' },
  done: { tone: 'ok', label: 'Done' },
  failed: { tone: 'bad', label: 'Failed' },
  cancelled: { tone: 'plain', label: 'Cancelled' },
};

export const stateOf = (batch: Batch): Words =>
  batch.state === 'done' && batch.rows.failed > 0
    ? { tone: 'warn', label: 'Done, some rows failed' }
    : STATES[batch.state];

export const ROW_WORDS: Record<RowState, Words> = {
  waiting: { tone: 'plain', label: 'Waiting' },
  running: { tone: 'run', label: 'Running' },
  done: { tone: 'ok', label: 'Done' },
  failed: { tone: 'bad', label: 'Failed' },
  cancelled: { tone: 'plain', label: 'Cancelled' },
};

export const isOver = ({ state }: Batch): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

export const count = (number: number): string => number.toLocaleString('en');

export const countRows = (rows: number): string => (rows === 1 ? '1 row' : `${count(rows)} rows`);

/** Rows that have ended, of all. */
export const endedRows = ({ rows }: Batch): number => rows.done + rows.failed + rows.cancelled;

/** `1,204 documents a minute, about 7 min left`; empty while nobody knows. */
export function paceWords({ per_minute, time_left_ms, state }: Batch): string {
  if (state !== 'running') return '';
  const pace = per_minute === null ? '' : `${count(Math.round(per_minute))} documents a minute`;
  const left = time_left_ms === null ? '' : `about ${formatDuration(time_left_ms)} left`;
  return [pace, left].filter((part) => part !== '').join(', ');
}

export function outputWords({ output }: Batch): string {
  if (output.type === 'folder') return `Into the folder ${output.folder}`;
  const what = output.type === 'zip' ? 'One zip' : 'One merged PDF';
  return output.file == null ? what : `${what}: ${output.file}`;
}
