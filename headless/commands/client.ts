import { InvalidArgumentError, type Command } from 'commander';
import { ClientWebhook } from '../../contract/webhook.ts';
import { ClientList, CreatedClient, SCOPES, type Scope } from '../../contract/access.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { call, callJson, jsonBody } from '../host-connection.ts';
import { connect } from '../connect.ts';
import { readBytes } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';
import { note, printJson, printResult, table } from '../terminal.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface WebhookOptions extends CommonOptions {
  readonly remove?: true;
  readonly secretFile?: string;
}

interface AddOptions extends CommonOptions {
  readonly scope?: readonly Scope[];
}

function collectScope(text: string, earlier: readonly Scope[] = []): readonly Scope[] {
  const given = text.split(/[\s,]+/).filter((word) => word !== '');
  for (const scope of given) {
    if (!(SCOPES as readonly string[]).includes(scope)) {
      throw new InvalidArgumentError(`There is no scope "${scope}"; there are ${SCOPES.join(', ')}.`);
    }
  }
  return [...new Set([...earlier, ...(given as Scope[])])];
}

function tokenExample(url: string, client: CreatedClient): string {
  const body = JSON.stringify({ client_id: client.client_id, client_secret: client.client_secret });
  return `curl -s ${url}/token -H 'content-type: application/json' -d '${body}'`;
}

async function add(name: string, options: AddOptions): Promise<void> {
  await using connection = await connect(options.data, { create: true });
  const client = await callJson(connection, CreatedClient, {
    method: 'POST',
    path: '/clients',
    body: jsonBody({ name, ...(options.scope && { scopes: options.scope }) }),
  });
  if (options.json) {
    await printJson(client);
    return;
  }
  await printResult(
    table([
      ['client_id', client.client_id],
      ['client_secret', client.client_secret],
    ]),
  );
  note('Keep the secret now: it is not shown again.');
  if (connection.url === undefined) note('Influxion is not running; "influxion serve" starts it.');
  else note(`A token for it:\n  ${tokenExample(connection.url, client)}`);
}

async function list(options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const { clients } = await callJson(connection, ClientList, { method: 'GET', path: '/clients' });
  if (options.json) {
    await printJson(clients);
    return;
  }
  if (clients.length === 0) {
    note('No program may call the API yet. Add one: influxion client add NAME');
    return;
  }
  const head = ['CLIENT ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'WEBHOOK'];
  const rows = clients.map((client) => [
    client.client_id,
    client.name,
    client.scopes.join(' '),
    client.created_at.slice(0, 10),
    client.last_used_at?.slice(0, 10) ?? 'never',
    client.webhook_url ?? '',
  ]);
  await printResult(table([head, ...rows]));
}

async function setWebhook(id: string, url: string | undefined, options: WebhookOptions): Promise<void> {
  if ((url === undefined) !== (options.remove === true)) {
    throw new UsageError('Give an address, or --remove.');
  }
  const path = `/clients/${encodeURIComponent(id)}/webhook`;
  await using connection = await connect(options.data);
  if (url === undefined) {
    await call(connection, { method: 'DELETE', path });
    note(`Work of ${id} is told to nobody any more.`);
    return;
  }
  const webhook = await callJson(connection, ClientWebhook, {
    method: 'PUT',
    path,
    body: jsonBody({ url, secret: await secretFrom(options.secretFile) }),
  });
  if (options.json) {
    await printJson(webhook);
    return;
  }
  await printResult(
    table([
      ['url', webhook.url],
      ['secret', webhook.secret],
    ]),
  );
  note('Keep the secret now: it is not shown again. It checks the signatures of what arrives.');
}

/** Not on the command line, where other users of the computer could read it. */
async function secretFrom(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return (await readBytes(file, 'secret')).toString('utf8').trim();
}

async function remove(id: string, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  await call(connection, { method: 'DELETE', path: `/clients/${encodeURIComponent(id)}` });
  note(`Removed ${id}. Its tokens do not work any more.`);
}

export function clientCommand(): Command {
  const client = newCommand('client').description(
    'The programs that may call the API. Works whether Influxion is running or not.',
  );
  client.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('add')))
        .summary('let a program call the API')
        .description('Lets a program call the API and prints its client_id and client_secret, once.')
        .argument('<NAME>', 'how you call the program')
        .option(
          '-s, --scope <SCOPE>',
          `what it may do: ${SCOPES.join(', ')}; can be repeated (default: all but admin)`,
          collectScope,
        )
        .action(add),
      [
        ['influxion client add "Order system"', 'a program that makes documents'],
        ['influxion client add backup --scope templates.read --json', 'only reads templates; for a script'],
      ],
    ),
  );
  client.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('list')))
        .description('Lists the programs that may call the API; secrets are not kept and cannot be shown.')
        .action(list),
      [['influxion client list', 'who may call']],
    ),
  );
  client.addCommand(
    withExamples(
      withDataFolder(newCommand('remove'))
        .description('Takes the right to call the API away, at once.')
        .argument('<ID>', 'the client_id')
        .action(remove),
      [['influxion client remove 7f3c…', 'its tokens stop working']],
    ),
  );
  client.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('webhook')))
        .summary('tell a program when its work has ended')
        .description(
          'Tells a program when its work has ended, by a signed POST to an address that "influxion webhook allow" allows. Prints the secret of the signatures, once.',
        )
        .argument('<ID>', 'the client_id')
        .argument('[URL]', 'where to')
        .option('--secret-file <FILE>', 'a file with a secret of your own, whsec_…; - reads stdin')
        .option('--remove', 'tell nobody any more')
        .action(setWebhook),
      [
        ['influxion client webhook 7f3c… https://hooks.example.com/pdf', 'prints a new secret'],
        ['influxion client webhook 7f3c… --remove', 'no more'],
      ],
    ),
  );
  return withExamples(client, [
    ['influxion client add "Order system"', 'prints client_id and client_secret'],
    ['influxion client list', 'who may call'],
  ]);
}
