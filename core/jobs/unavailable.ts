/** What the API already names and this version does not do yet: refused at admission, never accepted and ignored. */
import type { GenerateRequest } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';

type Field = Exclude<keyof GenerateRequest, 'html_template'>;

const UNAVAILABLE: readonly (readonly [Field, string])[] = [
  ['webhook_url', 'Webhooks are not available in this version'],
  ['webhook_secret', 'Webhooks are not available in this version'],
];

/**
 * Throws FEATURE_UNAVAILABLE naming every field that asks for something this version lacks. A field that is null or
 * left out asks for nothing.
 */
export function refuseUnavailable(request: GenerateRequest): void {
  const errors = UNAVAILABLE.filter(([field]) => request[field] != null).map(([field, why]) => ({
    path: field,
    message: `${why}; leave it out or send null.`,
  }));
  if (errors.length === 0) return;
  const fields = errors.map(({ path }) => path).join(', ');
  throw new InfluxionError(
    'FEATURE_UNAVAILABLE',
    `This version of Influxion cannot do what is asked with ${fields}, so nothing was started.`,
    { errors },
  );
}

export const batchUnavailable = (): InfluxionError =>
  new InfluxionError(
    'FEATURE_UNAVAILABLE',
    'Batches are not available in this version of Influxion, so nothing was started.',
    { hint: 'Send each row of the data by POST /pdf/generate.' },
  );
