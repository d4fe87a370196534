/** The broker and its workers, as the environment names them. All variables of that are read here. */
import type { CelerySettings } from '../core/transport/celery/celery-settings.ts';
import { DEFAULT_INLINE_BYTES } from '../core/transport/blobs/blob-store.ts';
import type { S3Bucket } from '../core/transport/blobs/s3-presign.ts';
import { parseBrokerUrl, type BrokerAddress } from '../core/transport/celery/broker-url.ts';
import { DEFAULT_QUEUE, type TaskQueue } from '../core/transport/celery/topology.ts';
import { UsageError } from './usage-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const OFF = new Set(['', '0', 'false', 'no', 'off']);
const DEFAULT_BROKER = 'amqp://guest@localhost//';

/** Undefined when jobs run in the host. Errors: UsageError, VALIDATION_FAILED for the broker's URL. */
export function celerySettings(env: Environment): CelerySettings | undefined {
  if (OFF.has((env['INFLUXION_USE_CELERY'] ?? '').trim().toLowerCase())) return undefined;
  return {
    ...brokerSettings(env),
    signing: oneOf(env, 'INFLUXION_CELERY_SIGNING', ['host', 'worker']),
    blobs: {
      inlineBytes: bytes(env, 'INFLUXION_BLOBS_ABOVE', DEFAULT_INLINE_BYTES),
      url: origin(env, 'INFLUXION_BLOBS_URL'),
      s3: s3Bucket(env),
    },
  };
}

/** What host and worker need alike. Errors: those of celerySettings. */
export function brokerSettings(env: Environment): {
  readonly broker: BrokerAddress;
  readonly queue: TaskQueue;
} {
  const backend = textOf(env, 'INFLUXION_CELERY_RESULT_BACKEND') ?? 'rpc://';
  if (!/^rpc(:\/\/)?$/.test(backend)) {
    const kind = /^[\w+.-]*/.exec(backend)?.[0] ?? '';
    throw new UsageError(
      `INFLUXION_CELERY_RESULT_BACKEND: results over "${kind}" are not supported.`,
      'Supported: rpc:// (results come back over the broker). Leave it out or set it to that.',
    );
  }
  return {
    broker: parseBrokerUrl(textOf(env, 'INFLUXION_CELERY_BROKER_URL') ?? DEFAULT_BROKER),
    queue: {
      name: textOf(env, 'INFLUXION_CELERY_QUEUE') ?? DEFAULT_QUEUE,
      type: oneOf(env, 'INFLUXION_CELERY_QUEUE_TYPE', ['classic', 'quorum']),
    },
  };
}

/** Origins that a worker may fetch data from and deliver documents to; undefined: any. Errors: UsageError. */
export function blobOrigins(env: Environment): readonly string[] | undefined {
  const list = textOf(env, 'INFLUXION_BLOB_ORIGINS');
  return list?.split(/[\s,]+/).map((entry) => originOf('INFLUXION_BLOB_ORIGINS', entry));
}

function s3Bucket(env: Environment): S3Bucket | undefined {
  const kind = oneOf(env, 'INFLUXION_BLOBS', ['http', 's3']);
  if (kind === 'http') return undefined;
  const needed = (name: string): string => {
    const value = textOf(env, name);
    if (value === undefined) throw new UsageError(`${name} is missing.`, 'INFLUXION_BLOBS=s3 needs it.');
    return value;
  };
  const endpoint = needed('INFLUXION_S3_ENDPOINT');
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new UsageError('INFLUXION_S3_ENDPOINT is no address.', 'Such as https://s3.example.com.');
  }
  return {
    endpoint,
    bucket: needed('INFLUXION_S3_BUCKET'),
    region: textOf(env, 'INFLUXION_S3_REGION') ?? 'us-east-1',
    accessKeyId: needed('INFLUXION_S3_ACCESS_KEY_ID'),
    secretAccessKey: needed('INFLUXION_S3_SECRET_ACCESS_KEY'),
  };
}

function textOf(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The first is the default. */
function oneOf<Choice extends string>(
  env: Environment,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = textOf(env, name) ?? choices[0];
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(`${name}: there is no "${value}".`, `It is ${choices.join(' or ')}.`);
}

function bytes(env: Environment, name: string, fallback: number): number {
  const value = textOf(env, name);
  if (value === undefined) return fallback;
  if (/^\d{1,8}$/.test(value)) return Number(value);
  throw new UsageError(`${name} is no number of bytes.`, `A whole number such as ${fallback}.`);
}

function origin(env: Environment, name: string): string | undefined {
  const value = textOf(env, name);
  return value === undefined ? undefined : originOf(name, value);
}

function originOf(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') {
    return url.origin;
  }
  throw new UsageError(`${name}: "${value}" is no origin.`, 'Such as http://api.example.com:8787.');
}
