/** The Logger port on pino: JSON lines to stderr, without what must not be in a log. */
import { destination, pino, stdSerializers, type DestinationStream, type Logger as Pino } from 'pino';
import type { Logger } from './ports.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Default stderr. */
  readonly stream?: DestinationStream;
}

/** Secrets, and what documents are made of. By name, at the top and one or two levels down. */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'client_secret',
  'clientSecret',
  'access_token',
  'accessToken',
  'ownerToken',
  'token',
  'secret',
  'password',
  'idempotency-key',
  'idempotencyKey',
  'webhook_secret',
  'body',
  'payload',
  'data',
  'html',
  'css',
];

const paths = SECRET_FIELDS.flatMap((field) => {
  const step = field.includes('-') ? `["${field}"]` : `.${field}`;
  return [step.replace(/^\./, ''), `*${step}`, `*.*${step}`];
});

export function createLogger({ level, stream }: LoggerOptions): Logger {
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err },
      redact: { paths, censor: '[redacted]' },
    },
    // Written at once: a crash must not take its own record with it.
    stream ?? destination({ dest: 2, sync: true }),
  );
  return wrap(log);
}

const wrap = (log: Pino): Logger => ({
  debug: (facts, message) => log.debug(facts, message),
  info: (facts, message) => log.info(facts, message),
  warn: (facts, message) => log.warn(facts, message),
  error: (facts, message) => log.error(facts, message),
  child: (bindings) => wrap(log.child(bindings)),
});
