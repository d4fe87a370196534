/** The failures that batches themselves speak of. */
import type { BatchState } from '../../contract/batch.ts';
import { InfluxionError } from '../error.ts';

export const batchNotFound = (id: number): InfluxionError =>
  new InfluxionError('BATCH_NOT_FOUND', `There is no batch ${id}.`);

export const rowNotFound = (id: number, row: number): InfluxionError =>
  new InfluxionError('ROW_NOT_FOUND', `Batch ${id} has no row ${row}.`);

const STATES: Readonly<Record<BatchState, string>> = {
  reading: 'is still being read',
  running: 'is running',
  paused: 'is paused',
  finishing: 'is being finished',
  done: 'is done',
  failed: 'has failed',
  cancelled: 'was cancelled',
};

export const wrongState = (id: number, state: BatchState, rule: string): InfluxionError =>
  new InfluxionError('BATCH_STATE', `Batch ${id} ${STATES[state]}; ${rule}.`);

export const ownerOnly = (field: string): InfluxionError =>
  new InfluxionError('OWNER_ONLY', `${field} names a place on this computer, which only its owner may do.`, {
    errors: [{ path: field, message: 'Only for the owner of this computer' }],
  });

export const noUpload = (id: string): InfluxionError =>
  new InfluxionError('ROWS_NOT_FOUND', `There is no rows file ${id}.`, {
    hint: 'Send it by POST /batch/rows; a rows file that nobody uses is removed after a day.',
  });
