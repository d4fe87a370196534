import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { HotFileList, HotFolder, HotFolderList, type HotFile } from '../../contract/hot-folder.ts';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connect } from '../connect.ts';
import { connectToWork } from '../connect-to-work.ts';
import { call, callJson, jsonBody, type HostConnection } from '../host-connection.ts';
import { listenForInterruption } from '../interruption.ts';
import { parseStandard } from '../standard-flag.ts';
import { note, printJson, printResult, table, warn } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface FolderOptions extends CommonOptions {
  readonly template?: string;
  readonly name?: string;
  readonly standard?: string;
  readonly sign?: string;
  readonly poll?: true;
}

const LOOK_MS = 500;
const SHOWN = 500;

async function addFolder(
  connection: HostConnection,
  folder: string,
  options: FolderOptions,
): Promise<HotFolder> {
  if (options.template === undefined) {
    throw new UsageError('A template of the library is missing here.', 'Add --template NAME.');
  }
  return callJson(connection, HotFolder, {
    method: 'POST',
    path: '/hot-folders',
    body: jsonBody({
      folder: resolve(folder),
      template_id: options.template,
      name: options.name,
      pdf_standard: options.standard === undefined ? undefined : parseStandard(options.standard),
      sign_key_id: options.sign,
      poll: options.poll ?? false,
    }),
  });
}

const readFolders = async (connection: HostConnection): Promise<HotFolder[]> =>
  (await callJson(connection, HotFolderList, { method: 'GET', path: '/hot-folders' })).folders;

const documents = ({ documents: { total, done } }: HotFile): string =>
  total === 1 || total === done
    ? `${done} document${done === 1 ? '' : 's'}`
    : `${done} of ${total} documents`;

async function tell(file: HotFile, json: boolean): Promise<void> {
  if (json) await printResult(JSON.stringify(file));
  else await printResult(`${file.state.padEnd(6)}  ${file.name}  ${file.error ?? documents(file)}`);
}

/** Prints each data file as it ends, until the signal. */
async function follow(
  connection: HostConnection,
  id: number,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const path = `/hot-folders/${id}/files?limit=${SHOWN}`;
  const read = async (): Promise<HotFile[]> =>
    (await callJson(connection, HotFileList, { method: 'GET', path })).files;
  const told = new Set((await read()).filter(({ state }) => state !== 'working').map((file) => file.id));
  let problem: string | null = null;
  while (!signal.aborted) {
    const files = await read();
    for (const file of files.reverse()) {
      if (file.state === 'working' || told.has(file.id)) continue;
      told.add(file.id);
      await tell(file, json);
    }
    const folder = (await readFolders(connection)).find((one) => one.id === id);
    if (folder === undefined) return;
    if (folder.problem !== problem) {
      problem = folder.problem;
      if (problem === null) note('The folder is back.');
      else warn(problem);
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The folder that was given, and whether it was one already, which then stays. */
async function openFolder(
  connection: HostConnection,
  folder: string,
  options: FolderOptions,
): Promise<{ readonly hot: HotFolder; readonly isOwn: boolean }> {
  try {
    return { hot: await addFolder(connection, folder, options), isOwn: true };
  } catch (error) {
    if (!InfluxionError.is(error) || error.code !== 'HOT_FOLDER_EXISTS') throw error;
    const known = (await readFolders(connection)).find((one) => one.folder === resolve(folder));
    if (known === undefined) throw error;
    note(`It is hot folder ${known.id} already, with the template ${known.template_id}; it stays one.`);
    return { hot: known, isOwn: false };
  }
}

async function watchFolder(folder: string | undefined, options: FolderOptions): Promise<void> {
  if (folder === undefined) throw new UsageError('A folder is missing here.', 'See influxion watch --help.');
  using interruption = listenForInterruption();
  await using connection = await connectToWork(options.data);
  const { hot, isOwn } = await openFolder(connection, folder, options);
  note(`Watching ${hot.folder}. Documents go to "out", data files to "done" or "failed". Ctrl+C stops it.`);
  try {
    await follow(connection, hot.id, options.json ?? false, interruption.signal);
  } finally {
    if (isOwn) await call(connection, { method: 'DELETE', path: `/hot-folders/${hot.id}` });
  }
}

async function add(folder: string, options: FolderOptions): Promise<void> {
  await using connection = await connect(options.data, { create: true });
  const hot = await addFolder(connection, folder, options);
  if (options.json) {
    await printJson(hot);
    return;
  }
  await printResult(
    table([
      ['number', String(hot.id)],
      ['folder', hot.folder],
      ['template', hot.template_id],
    ]),
  );
  note(
    connection.live ? 'It is watched from now on.' : 'It is watched while Influxion runs: influxion serve',
  );
}

async function list(options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const folders = await readFolders(connection);
  if (options.json) {
    await printJson(folders);
    return;
  }
  if (folders.length === 0) {
    note('There is no hot folder yet. Add one: influxion watch add FOLDER --template NAME');
    return;
  }
  const rows = folders.map(({ id, folder, template_id, state, counts }) => [
    String(id),
    connection.live || state === 'paused' ? state : 'not running',
    template_id,
    String(counts.working),
    String(counts.done),
    String(counts.failed),
    folder,
  ]);
  await printResult(table([['NUMBER', 'STATE', 'TEMPLATE', 'WORKING', 'DONE', 'FAILED', 'FOLDER'], ...rows]));
  for (const { id, problem } of folders) if (problem !== null) warn(`${id}: ${problem}`);
}

async function remove(which: string, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const folders = await readFolders(connection);
  const hot = folders.find(({ id, folder }) => String(id) === which || folder === resolve(which));
  if (hot === undefined) {
    throw new InfluxionError('HOT_FOLDER_NOT_FOUND', `There is no hot folder ${which}.`, {
      hint: '"influxion watch list" shows them.',
    });
  }
  await call(connection, { method: 'DELETE', path: `/hot-folders/${hot.id}` });
  note(`${hot.folder} is watched no longer. Its files stay.`);
}

/** Those that `watch` itself knows too are taken by it, wherever they stand. */
const allOptions = (command: Command): FolderOptions => command.optsWithGlobals<FolderOptions>();

function withFolderOptions(command: Command): Command {
  return command
    .option('--template <NAME>', 'the template of the library that the data goes into')
    .option(
      '--name <PATTERN>',
      'of the documents, such as "{{invoice.number}}.pdf" (default: the name of the data file)',
    )
    .option('--standard <S>', 'pdf/a-2b, pdf/ua-1, …, or a pair such as pdf/a-2a+ua-1')
    .option('--sign <KEY_ID>', 'sign the documents with this key')
    .option('--poll', 'look every few seconds: for network drives that tell of no changes');
}

export function watchCommand(): Command {
  const watch = withFolderOptions(withJson(withDataFolder(newCommand('watch'))))
    .description(
      'Makes documents of the data files that are put into a folder, until Ctrl+C: .json, .jsonl, .csv, .xlsx and .ods. Documents go to "out" in it, the data files to "done", or to "failed" with the reason beside them. Uses the Influxion that runs, or works by itself. "add" has "influxion serve" and the desktop app do it from now on.',
    )
    .argument('[FOLDER]', 'where the data files come')
    .action(watchFolder);
  watch.addCommand(
    withExamples(
      withFolderOptions(withJson(withDataFolder(newCommand('add'))))
        .summary('have Influxion watch a folder whenever it runs')
        .description('Has Influxion watch a folder whenever it runs.')
        .argument('<FOLDER>', 'where the data files come')
        .action((folder: string, _options, command: Command) => add(folder, allOptions(command))),
      [['influxion watch add /srv/orders --template invoice', 'from now on']],
    ),
  );
  watch.addCommand(
    withExamples(
      withJson(withDataFolder(newCommand('list')))
        .description('Lists the hot folders and how many data files they have seen.')
        .action((_options, command: Command) => list(allOptions(command))),
      [['influxion watch list', 'states and counts']],
    ),
  );
  watch.addCommand(
    withExamples(
      withDataFolder(newCommand('remove'))
        .description('Stops watching a folder. Its files stay; what was taken and is not done is put back.')
        .argument('<NUMBER>', 'of the hot folder, or its path')
        .action((which: string, _options, command: Command) => remove(which, allOptions(command))),
      [['influxion watch remove 1', 'no longer']],
    ),
  );
  return withExamples(watch, [
    ['influxion watch orders --template invoice', 'data files in orders/ become documents in orders/out/'],
    [
      'influxion watch orders --template invoice --name "{{invoice.number}}.pdf" --standard pdf/a-3b',
      'named and archived',
    ],
    [
      'influxion watch add /srv/orders --template invoice --poll',
      'by the running Influxion, on a network drive',
    ],
  ]);
}
