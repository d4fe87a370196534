import { InfluxionError } from '../../error.ts';

export function rowsInvalid(message: string, hint?: string, cause?: unknown): InfluxionError {
  return new InfluxionError('ROWS_INVALID', message, hint === undefined ? {} : { hint }, cause);
}

export const noRows = (what: string): InfluxionError =>
  rowsInvalid(`${what} holds no rows.`, 'It needs a row of names and at least one row of values.');
