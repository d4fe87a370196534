import { InvalidArgumentError, type Command } from 'commander';
import { newCommand, withDataFolder, withExamples } from '../command-line.ts';
import { keepCompiledCode } from '../compile-cache.ts';
import type { LogLevel } from '../logger.ts';
import { findPlaces } from '../paths.ts';

export interface WorkerOptions {
  readonly data?: string;
  readonly concurrency?: number;
  readonly loglevel: LogLevel;
  readonly queue?: string;
  readonly hostname: string;
  readonly timeLimit: number;
  readonly softTimeLimit?: number;
  readonly browser?: string;
  readonly drain: number;
  readonly json?: true;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

/** Celery's names too, in either case. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  warn: 'warn',
  error: 'error',
  critical: 'error',
  fatal: 'error',
  silent: 'silent',
};

function logLevel(text: string): LogLevel {
  const level = LEVELS[text.toLowerCase()];
  if (level !== undefined) return level;
  throw new InvalidArgumentError(`It is one of ${Object.keys(LEVELS).join(', ')}.`);
}

export function workerCommand(): Command {
  const command = withDataFolder(newCommand('worker'))
    .description(
      'Takes jobs from RabbitMQ, as a Celery worker does, until Ctrl+C or SIGTERM: it then takes no more, finishes what ' +
        'runs and gives the rest back. The broker is INFLUXION_CELERY_BROKER_URL (default amqp://guest@localhost//). It needs ' +
        'no data folder; one is looked into only for templates that a message names by id, and for keys.',
    )
    .option('-c, --concurrency <N>', 'jobs at once (default: two a processor core)', wholeNumber(1, 128))
    .option('-l, --loglevel <LEVEL>', 'structured log on stderr', logLevel, 'info')
    .option('-Q, --queue <NAME>', 'queue to take from (also INFLUXION_CELERY_QUEUE; default: celery)')
    .option(
      '-n, --hostname <NAME>',
      'name of this worker, unique at the broker; %h is the host, %p the process',
      'influxion-%p@%h',
    )
    .option('--time-limit <SECONDS>', 'a job that takes longer is stopped', wholeNumber(1, 86_400), 900)
    .option('--soft-time-limit <SECONDS>', 'the same, as Celery has both', wholeNumber(1, 86_400))
    .option(
      '--browser <PATH>',
      'Chrome, Chromium or Edge to print with, or "npm" for the one that came along',
    )
    .option(
      '--drain <SECONDS>',
      'how long running jobs may take to finish at the end',
      wholeNumber(0, 3600),
      30,
    )
    .option('--json', 'say when it is ready as one line of JSON on stdout, for scripts')
    .action(async (options: WorkerOptions) => {
      keepCompiledCode(findPlaces(options.data, process.env).cache);
      const { runWorker } = await import('../run-worker.ts');
      await runWorker(options);
    });
  return withExamples(command, [
    [
      'INFLUXION_CELERY_BROKER_URL=amqp://user:password@broker// influxion worker --loglevel=info',
      'a worker for the broker on another machine',
    ],
    ['influxion worker --concurrency 4 --queue invoices', 'four at once, from a queue of their own'],
  ]);
}
