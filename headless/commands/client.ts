import { InvalidArgumentError, type Command } from 'commander';
import { ClientList, CreatedClient, SCOPES, type Scope } from '../../contract/access.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { call, callJson, jsonBody } from '../host-connection.ts';
import { connect } from '../connect.ts';
import { note, printJson, printResult, table } from '../terminal.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
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
  const head = ['CLIENT ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED'];
  const rows = clients.map((client) => [
    client.client_id,
    client.name,
    client.scopes.join(' '),
    client.created_at.slice(0, 10),
    client.last_used_at?.slice(0, 10) ?? 'never',
  ]);
  await printResult(table([head, ...rows]));
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
  return withExamples(client, [
    ['influxion client add "Order system"', 'prints client_id and client_secret'],
    ['influxion client list', 'who may call'],
  ]);
}
