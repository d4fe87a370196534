/** What a later version brings is refused in words, never accepted and ignored. */
import { InfluxionError } from '../core/error.ts';

const OFF = new Set(['', '0', 'false', 'no', 'off']);

/** FEATURE_UNAVAILABLE when the environment asks for RabbitMQ workers. */
export function refuseCelery(env: NodeJS.ProcessEnv): void {
  const wanted = env['INFLUXION_USE_CELERY'];
  if (wanted === undefined || OFF.has(wanted.trim().toLowerCase())) return;
  throw new InfluxionError(
    'FEATURE_UNAVAILABLE',
    'INFLUXION_USE_CELERY is set, but RabbitMQ workers are not available in this version.',
    { hint: 'They come with version 0.4. Unset it to run the jobs here; --workers N sets how many at once.' },
  );
}
