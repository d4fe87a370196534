/** What the API already names and this version does not do yet: refused at admission, never accepted and ignored. */
import { InfluxionError } from '../error.ts';

export const batchUnavailable = (): InfluxionError =>
  new InfluxionError(
    'FEATURE_UNAVAILABLE',
    'Batches are not available in this version of Influxion, so nothing was started.',
    { hint: 'Send each row of the data by POST /pdf/generate.' },
  );
