/** `influxion batch` as a user types it, with a real browser. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Batch, DryRow } from '../../../contract/batch.ts';
import { cli, startCli, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'card'));
  await writeFile(join(folder.path, 'card/template.html'), '<p>Dear {{person.name}}, {{n}}</p>');
  await writeFile(
    join(folder.path, 'people.csv'),
    'Nummer;Name;Betrag\n1;Zoë;1.234,50\n2;Jürgen;viel\n3;Łukasz;0,99\n',
  );
  const rows = Array.from({ length: 300 }, (_, at) =>
    JSON.stringify({ n: at + 1, person: { name: `P ${at}` } }),
  );
  await writeFile(join(folder.path, 'many.jsonl'), rows.join('\n'));
});
afterAll(() => folder[Symbol.asyncDispose]());

const run = (...args: string[]) =>
  cli(['batch', ...args], { cwd: folder.path, data: join(folder.path, 'data') });
const pdfs = async (path: string): Promise<string[]> =>
  (await readdir(join(folder.path, path))).filter((name) => name.endsWith('.pdf')).sort();

const MAP = ['--map', 'Name=person.name', '--map', 'Betrag=n:number', '--locale', 'de'];

it('shows in a dry run what the rows would be, and makes nothing', async () => {
  const { code, stdout } = await run(
    ...['card', '--rows', 'people.csv', '--dry-run', '2', '--name', '{{person.name}}', '--json'],
    ...MAP,
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout) as DryRow[]).toMatchObject([
    { row: 1, data: { person: { name: 'Zoë' }, n: 1234.5 }, name: 'Zoë.pdf', problem: null },
    { row: 2, name: null, problem: 'Betrag: "viel" is no number.' },
  ]);
});

it('tells who names the rows without --rows how to say it', async () => {
  const { code, stderr } = await run('card', 'people.csv', '-o', 'unsaid');
  expect(code).toBe(2);
  expect(stderr).toContain('influxion batch card --rows people.csv');
});

it('makes a file of each row, tells the bad ones with their numbers and exits with 1', async () => {
  const { code, stdout, stderr } = await run(
    ...['card', '--rows', 'people.csv', '-o', 'out', '--name', '{{person.name}}', '--json'],
    ...MAP,
  );
  expect(code).toBe(1);
  expect(stderr).toContain('row 2 (line 3): Betrag: "viel" is no number.');
  expect(stderr).toContain('2 documents in');
  expect(JSON.parse(stdout) as Batch).toMatchObject({
    state: 'done',
    rows: { total: 3, done: 2, failed: 1 },
  });
  expect(await pdfs('out')).toEqual(['Zoë.pdf', 'Łukasz.pdf']);
  expect(await readFile(join(folder.path, 'out/index.csv'), 'utf8')).toContain('2,3,,failed');
});

it('goes on with --resume after kill -9, and leaves alone what is the same when run again', async () => {
  const args = ['batch', 'card', '--rows', 'many.jsonl', '-o', 'many', '--name', '{{n}}'];
  const options = { cwd: folder.path, data: join(folder.path, 'data') };
  const child = startCli(args, options);
  for (let made = 0; made < 20;) {
    await sleep(20);
    made = (await pdfs('many').catch(() => [])).length;
  }
  child.kill('SIGKILL');
  await once(child, 'close');
  const resumed = await run('--resume', '-o', 'many');
  expect(resumed.stderr).toContain('300 documents in');
  expect(resumed.code).toBe(0);
  expect(await pdfs('many')).toHaveLength(300);

  const again = await cli(args, options);
  expect(again.stderr).toContain('300 of them left alone as they were');
  expect(again.code).toBe(0);
});

it('makes one zip, or one PDF', async () => {
  await run('card', '--rows', 'people.csv', '--zip', 'all.zip', ...MAP);
  expect((await readFile(join(folder.path, 'all.zip'), 'latin1')).includes('index.csv')).toBe(true);
  await run('card', '--rows', 'people.csv', '--merge', 'all.pdf', ...MAP);
  expect((await readFile(join(folder.path, 'all.pdf'), 'latin1')).startsWith('%PDF-')).toBe(true);
});

it('says what is wrong before anything is started', async () => {
  const missing = await run('card', '--rows', 'nobody.csv', '-o', 'out');
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toContain('There is no rows file nobody.csv');
  const unknown = await run('--resume', '-o', 'never');
  expect(unknown.stderr).toContain('There is no batch into');
});
