import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  AllowedAddresses,
  WEBHOOK_STATES,
  WebhookDelivery,
  WebhookDeliveryList,
} from '../../contract/webhook.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connect } from '../connect.ts';
import { callJson, jsonBody, type HostConnection } from '../host-connection.ts';
import { note, printJson, printResult, table } from '../terminal.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface ListOptions extends CommonOptions {
  readonly state?: string;
  readonly job?: number;
  readonly limit: number;
}

const ALLOWED = '/webhooks/allowed';

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
  };
}

const time = (text: string | null): string => text?.slice(0, 19).replace('T', ' ') ?? '';

async function list(options: ListOptions): Promise<void> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.state !== undefined) query.set('state', options.state);
  if (options.job !== undefined) query.set('job_id', String(options.job));
  await using connection = await connect(options.data);
  const page = await callJson(connection, WebhookDeliveryList, {
    method: 'GET',
    path: `/webhooks/deliveries?${query.toString()}`,
  });
  if (options.json) {
    await printJson(page.deliveries);
    return;
  }
  if (page.deliveries.length === 0) {
    note(
      'Nothing was told to anybody. A job asks for it with webhook_url; see also: influxion client webhook',
    );
    return;
  }
  const rows = page.deliveries.map((delivery) => [
    delivery.id,
    delivery.type,
    delivery.state,
    String(delivery.attempts),
    time(delivery.ended_at ?? delivery.next_attempt_at),
    new URL(delivery.url).host,
    delivery.last_error ?? '',
  ]);
  const head = ['ID', 'TYPE', 'STATE', 'ATTEMPTS', 'ENDED OR NEXT (UTC)', 'HOST', 'ERROR'];
  await printResult(table([head, ...rows]));
  if (page.next_cursor !== null) note('There are more; --limit shows up to 500.');
}

async function resend(id: string, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const delivery = await callJson(connection, WebhookDelivery, {
    method: 'POST',
    path: `/webhooks/deliveries/${encodeURIComponent(id)}/resend`,
  });
  if (options.json) await printJson(delivery);
  note(
    connection.live
      ? `${delivery.id} is sent again now.`
      : `${delivery.id} is sent again when Influxion runs next.`,
  );
}

const readAllowed = (connection: HostConnection): Promise<AllowedAddresses> =>
  callJson(connection, AllowedAddresses, { method: 'GET', path: ALLOWED });

async function allow(
  addresses: readonly string[],
  options: CommonOptions & { remove?: true },
): Promise<void> {
  await using connection = await connect(options.data, { create: true });
  const { allowed } = await readAllowed(connection);
  const next = options.remove
    ? allowed.filter((known) => !addresses.includes(known))
    : [...new Set([...allowed, ...addresses])];
  const unchanged = addresses.length === 0;
  const result = unchanged
    ? { allowed }
    : await callJson(connection, AllowedAddresses, {
        method: 'PUT',
        path: ALLOWED,
        body: jsonBody({ allowed: next }),
      });
  if (options.json) {
    await printJson(result.allowed);
    return;
  }
  if (result.allowed.length === 0)
    note('Webhooks may go nowhere. Allow a host: influxion webhook allow HOST');
  else await printResult(result.allowed.join('\n'));
}

export function webhookCommand(): Command {
  const webhook = newCommand('webhook').description(
    'What programs are told when their work has ended: a signed POST, tried for about a day. Works whether Influxion is running or not.',
  );
  webhook.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('list')))
        .description('Lists what was told, the latest first, and whether it arrived.')
        .addOption(new Option('--state <STATE>', 'only those').choices(WEBHOOK_STATES))
        .option('--job <ID>', 'only of this job', wholeNumber(Number.MAX_SAFE_INTEGER))
        .option('--limit <N>', 'how many, at most 500', wholeNumber(500), 50)
        .action(list),
      [
        ['influxion webhook list', 'the last 50'],
        ['influxion webhook list --state failed', 'what did not arrive'],
      ],
    ),
  );
  webhook.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('resend')))
        .description('Sends one again under its old id, also one that arrived.')
        .argument('<ID>', 'the webhook-id, msg_…')
        .action(resend),
      [['influxion webhook resend msg_Vd1S9s0c…', 'tried at once']],
    ),
  );
  webhook.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('allow')))
        .summary('allow addresses that webhooks may go to')
        .description(
          'Allows addresses that webhooks may go to, and shows all that are allowed: a host, host:port, *.domain, or how an address begins. What lies inside this computer or the local network is reached only where that very host is allowed.',
        )
        .argument('[ADDRESS...]', 'none: only shows them')
        .option('--remove', 'takes them off the list')
        .action(allow),
      [
        ['influxion webhook allow hooks.example.com', 'this host, over https or http'],
        ['influxion webhook allow 127.0.0.1:9000', 'a program on this computer'],
        ['influxion webhook allow --remove hooks.example.com', 'no longer'],
      ],
    ),
  );
  return withExamples(webhook, [
    ['influxion webhook allow hooks.example.com', 'where they may go'],
    ['influxion webhook list --state failed', 'what did not arrive'],
  ]);
}
