/** `influxion job dead`: the messages that no worker can work on, in the queue `influxion.dead` of the broker. */
import { InvalidArgumentError, type Command } from 'commander';
import { connectBroker, type BrokerConnection } from '../../core/transport/celery/connection.ts';
import {
  listDeadLetters,
  settleDeadLetters,
  type DeadLetter,
} from '../../core/transport/celery/dead-letters.ts';
import { InfluxionError } from '../../core/error.ts';
import { brokerSettings } from '../celery-settings.ts';
import { newCommand, withExamples, withJson } from '../command-line.ts';
import { readableSize } from '../pdf-file.ts';
import { silentLogger } from '../silent-logger.ts';
import { note, printJson, printResult, table } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface CommonOptions {
  readonly json?: true;
}

const PATIENCE_MS = 10_000;

/** One connection for one command. Errors: BROKER_UNAVAILABLE with the reason. */
async function withBroker<T>(work: (connection: BrokerConnection) => Promise<T>): Promise<T> {
  const { broker } = brokerSettings(process.env);
  const settled = Promise.withResolvers<undefined>();
  const connection = await connectBroker({
    address: broker,
    name: 'influxion job dead',
    logger: silentLogger,
    setup: () => Promise.resolve(),
    changed: () => settled.resolve(undefined),
  });
  const late = setTimeout(() => settled.resolve(undefined), PATIENCE_MS);
  const failing = setInterval(() => {
    if (connection.problem !== undefined) settled.resolve(undefined);
  }, 50);
  try {
    await settled.promise;
    if (connection.state !== 'open' && connection.state !== 'blocked') {
      throw new InfluxionError(
        'BROKER_UNAVAILABLE',
        connection.problem ?? `The broker at ${broker.shown} does not answer.`,
        { hint: 'INFLUXION_CELERY_BROKER_URL names it.' },
      );
    }
    return await work(connection);
  } finally {
    clearTimeout(late);
    clearInterval(failing);
    await connection.close();
  }
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError('It is a number from 1 to 10000.');
}

async function list({ limit, json }: CommonOptions & { readonly limit: number }): Promise<void> {
  const letters = await withBroker((connection) => listDeadLetters(connection, limit));
  if (json) {
    await printJson(letters);
    return;
  }
  if (letters.length === 0) {
    note('There are no dead letters.');
    return;
  }
  const rows = letters.map((letter) => [
    letter.id,
    letter.deadAt?.slice(0, 19).replace('T', ' ') ?? '',
    letter.task ?? '',
    letter.taskId ?? '',
    readableSize(letter.size),
    letter.reason,
  ]);
  await printResult(table([['ID', 'DEAD SINCE (UTC)', 'TASK', 'TASK ID', 'SIZE', 'REASON'], ...rows]));
}

async function settle(
  what: 'retry' | 'drop',
  ids: readonly string[],
  { all, json }: CommonOptions & { readonly all?: true },
): Promise<void> {
  if ((ids.length === 0) === (all !== true)) {
    throw new UsageError('Name the letters, or say --all.', '"influxion job dead list" shows their ids.');
  }
  const settled = await withBroker((connection) =>
    settleDeadLetters(connection, what, all ? undefined : ids),
  );
  const missing = ids.filter((id) => !settled.some((letter) => letter.id === id || letter.taskId === id));
  if (json) await printJson(settled);
  else note(`${what === 'retry' ? 'Sent back' : 'Dropped'} ${counted(settled)}.`);
  if (missing.length > 0) {
    throw new InfluxionError('NOT_FOUND', `There is no dead letter ${missing.join(', ')}.`);
  }
}

const counted = (letters: readonly DeadLetter[]): string =>
  letters.length === 1 ? '1 letter' : `${letters.length} letters`;

export function deadCommand(): Command {
  const dead = newCommand('dead').description(
    'Messages that no worker can work on: not JSON, unknown tasks, jobs whose workers kept dying. They lie in the queue ' +
      'influxion.dead of the broker (INFLUXION_CELERY_BROKER_URL) until somebody looks.',
  );
  dead.addCommand(
    withExamples(
      withJson(newCommand('list'))
        .description('Lists dead letters, oldest first, with their reasons.')
        .option('--limit <N>', 'how many', parseLimit, 100)
        .action(list),
      [['influxion job dead list --json', 'for a script']],
    ),
  );
  const settling = (what: 'retry' | 'drop', does: string, example: string): Command =>
    withExamples(
      withJson(newCommand(what))
        .description(does)
        .argument('[ID...]', 'letters, or the ids of their tasks')
        .option('--all', 'all of them')
        .action((ids: string[], options: CommonOptions & { readonly all?: true }) =>
          settle(what, ids, options),
        ),
      [[`influxion job dead ${what} 3f2a91c0`, example]],
    );
  dead.addCommand(
    settling('retry', 'Sends letters back to the queues they came from.', 'after the cause was mended'),
  );
  dead.addCommand(settling('drop', 'Deletes letters.', 'nobody needs it'));
  return withExamples(dead, [['influxion job dead list', 'what lies there and why']]);
}
