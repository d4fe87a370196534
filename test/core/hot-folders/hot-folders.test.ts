import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { openHotFolderWorld, type HotFolderWorld } from '../../support/hot-folder-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const TIMEOUT = { timeout: 30_000 };

async function open(options: Parameters<typeof openHotFolderWorld>[0] = {}): Promise<HotFolderWorld> {
  const world = await openHotFolderWorld(options);
  onTestFinished(() => world[Symbol.asyncDispose]());
  return world;
}

const ended = (world: HotFolderWorld, done: number, failed = 0) =>
  expect.poll(() => world.now().counts, TIMEOUT).toEqual({ working: 0, done, failed });

const text = (world: HotFolderWorld, ...path: string[]): string =>
  readFileSync(join(world.folder, ...path), 'latin1');

describe('a data file', () => {
  it.each([[false], [true]])(
    'of one object becomes a document of its name, and goes to done (poll: %s)',
    async (poll) => {
      const world = await open({ poll });
      world.drop('ada.json', { name: 'Ada' });
      await ended(world, 1);
      expect(world.names()).toEqual([]);
      expect(world.names('out')).toEqual(['ada.pdf']);
      expect(world.names('done')).toEqual(['ada.json']);
      expect(text(world, 'out', 'ada.pdf')).toContain('Invoice {"name":"Ada"}');
      expect(world.files()).toMatchObject([
        { name: 'ada.json', state: 'done', documents: { total: 1, done: 1, failed: 0 }, error: null },
      ]);
      await expect.poll(() => readdirSync(join(world.folder, '.influxion')), TIMEOUT).toEqual([]);
      expect(world.batchWorld.batches.total()).toBe(0);
    },
  );

  it.each([
    ['rows.json', '[{"n":1},{"n":2}]'],
    ['rows.jsonl', '{"n":1}\n{"n":2}\n'],
    ['rows.csv', 'n\n1\n2\n'],
    ['ROWS.CSV', 'n;m\n1;2\n2;3\n'],
  ])('%s of two rows becomes two documents', async (name, content) => {
    const world = await open();
    world.drop(name, content);
    await ended(world, 1);
    const stem = name.slice(0, name.indexOf('.'));
    expect(world.names('out')).toEqual([`${stem}-1.pdf`, `${stem}-2.pdf`]);
    expect(text(world, 'out', `${stem}-2.pdf`)).toMatch(/"n":"?2/);
  });

  it('names its documents by the pattern, and a name that is taken gets a number', async () => {
    const world = await open({ name: 'invoice {{n}}.pdf', atOnce: 1 });
    world.drop('a.json', { n: 7 });
    await ended(world, 1);
    world.drop('a.json', [{ n: 7 }, { n: 8 }]);
    await ended(world, 2);
    expect(world.names('out')).toEqual(['invoice 7 (2).pdf', 'invoice 7.pdf', 'invoice 8.pdf']);
    expect(world.names('done')).toEqual(['a (2).json', 'a.json']);
    expect(text(world, 'out', 'invoice 7 (2).pdf')).toContain('Invoice {"n":7}');
  });

  it.each(['CON.json', '{{n}}.json', `${'x'.repeat(240)}.json`, '😀 ü.json', ' leading.json'])(
    'may be called %j',
    async (name) => {
      const world = await open();
      world.drop(name, { n: 1 });
      await ended(world, 1);
      expect(world.names('done')).toEqual([name]);
      expect(world.names('out')).toEqual([expect.stringMatching(/\.pdf$/)]);
    },
  );

  it('is taken only when nobody has written to it for a moment', async () => {
    const world = await open();
    const path = join(world.folder, 'slow.json');
    const pieces = ['[', '{"n":1},', '{"n":2}', ']'];
    for (const piece of pieces) {
      appendFileSync(path, piece);
      await sleep(30);
      expect(existsSync(path)).toBe(true);
    }
    await ended(world, 1);
    expect(world.names('out')).toEqual(['slow-1.pdf', 'slow-2.pdf']);
  });

  it('is left alone while its name says that it is not whole, and taken when it is renamed', async () => {
    const world = await open();
    const ignored = ['.hidden.json', '~$orders.xlsx', 'a.json.part', 'b.tmp', 'c.json.crdownload', 'd.json~'];
    for (const name of ignored) world.drop(name, { n: 1 });
    mkdirSync(join(world.folder, 'folder.json'));
    world.drop('last.json', { n: 1 });
    await ended(world, 1);
    await sleep(300);
    expect(world.now().counts).toEqual({ working: 0, done: 1, failed: 0 });
    renameSync(join(world.folder, 'a.json.part'), join(world.folder, 'a.json'));
    await ended(world, 2);
    expect(world.names('out')).toEqual(['a.pdf', 'last.pdf']);
  });
});

describe('what cannot become a document', () => {
  it.each([
    ['broken.json', '{"n": 1', 'The file is no JSON'],
    ['empty.csv', '', 'The file is empty'],
    ['picture.png', '\u0089PNG\r\n\u001a\n', 'no file of data'],
    ['open.json', '[{"n":1},', 'ends in the middle'],
  ])('%s goes to failed with the reason beside it', async (name, content, reason) => {
    const world = await open();
    world.drop(name, content);
    await ended(world, 0, 1);
    expect(world.names('failed')).toEqual([name, `${name}.error.txt`]);
    const words = readFileSync(join(world.folder, 'failed', `${name}.error.txt`), 'utf8');
    expect(words).toContain(`${name} became no document.`);
    expect(words).toContain(reason);
    expect(words).not.toContain(world.folder);
    expect(world.files()[0]?.error).toContain(reason);
  });

  it('single rows: the others become documents, and the text names the rows', async () => {
    const world = await open();
    world.drop('some.json', [{ n: 1 }, { fail: true }, { n: 3 }]);
    await ended(world, 0, 1);
    expect(world.names('out')).toEqual(['some-1.pdf', 'some-3.pdf']);
    const words = text(world, 'failed', 'some.json.error.txt');
    expect(words).toContain('some.json: 1 of 3 rows became no document.');
    expect(words).toContain('Row 2: The data lacks "total". (html, line 3)');
    expect(world.files()).toMatchObject([{ documents: { total: 3, done: 2, failed: 1 } }]);
  });

  it('one broken line of JSON Lines costs only itself', async () => {
    const world = await open();
    world.drop('lines.jsonl', '{"n":1}\n{broken\n{"n":3}\n');
    await ended(world, 0, 1);
    expect(world.names('out')).toEqual(['lines-1.pdf', 'lines-3.pdf']);
    expect(text(world, 'failed', 'lines.jsonl.error.txt')).toContain('Row 2');
  });

  it('a template that is gone is told with the file', async () => {
    const world = await open();
    renameSync(
      join(world.batchWorld.folder, 'templates/invoice'),
      join(world.batchWorld.folder, 'elsewhere'),
    );
    world.drop('a.json', { n: 1 });
    await ended(world, 0, 1);
    expect(text(world, 'failed', 'a.json.error.txt')).toContain('template');
  });
});

describe('the folder', () => {
  it('that vanishes is told in words and worked in again when it is back, with nothing lost or done twice', async () => {
    const world = await open();
    const away = `${world.folder}-away`;
    for (let n = 0; n < 20; n += 1) world.drop(`${n}.json`, { n });
    await expect.poll(() => world.now().counts.done, TIMEOUT).toBeGreaterThan(0);
    renameSync(world.folder, away);
    await expect
      .poll(() => world.now(), TIMEOUT)
      .toMatchObject({
        state: 'unreachable',
        problem: expect.stringContaining('is not there') as string,
      });
    await sleep(500);
    // Nothing was made anew where the drive was.
    expect(existsSync(world.folder)).toBe(false);
    renameSync(away, world.folder);
    await ended(world, 20);
    expect(world.now()).toMatchObject({ state: 'watching', problem: null });
    expect(world.names('out')).toHaveLength(20);
    expect(world.names('done')).toHaveLength(20);
  });

  it('of many files at once is worked off a few at a time', async () => {
    const world = await open({ atOnce: 3 });
    let most = 0;
    world.hotFolders.onChange(() => (most = Math.max(most, world.now().counts.working)));
    for (let n = 0; n < 60; n += 1) world.drop(`${n}.json`, { n });
    await ended(world, 60);
    expect(world.names('out')).toHaveLength(60);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('that is paused takes nothing until it goes on', async () => {
    const world = await open();
    await world.hotFolders.change(world.hot.id, { paused: true });
    world.drop('a.json', { n: 1 });
    await sleep(400);
    expect(world.names()).toEqual(['a.json']);
    expect(world.now().state).toBe('paused');
    await world.hotFolders.change(world.hot.id, { paused: false });
    await ended(world, 1);
  });

  it('that is removed gives back what it took and is watched no longer', async () => {
    const world = await open({ atOnce: 1 });
    for (let n = 0; n < 30; n += 1) world.drop(`${n}.json`, { n });
    await expect.poll(() => world.now().counts.done, TIMEOUT).toBeGreaterThan(2);
    await world.hotFolders.remove(world.hot.id);
    const done = world.names('done').length;
    expect(world.names().length + done).toBe(30);
    expect(world.names('out')).toHaveLength(done);
    world.drop('late.json', { n: 1 });
    await sleep(300);
    expect(world.names()).toContain('late.json');
    expect(world.hotFolders.list()).toEqual({ folders: [] });
  });

  it('is refused where it cannot be one', async () => {
    const world = await open();
    const file = join(world.folder, '.file');
    writeFileSync(file, '');
    const inner = join(world.folder, 'inner');
    mkdirSync(inner);
    const add = (more: object): Promise<string> =>
      world.hotFolders.add({ folder: '', template_id: 'invoice', poll: false, ...more }).then(
        () => 'added',
        (error: unknown) => InfluxionError.from(error).code,
      );
    expect(await add({ folder: 'relative' })).toBe('HOT_FOLDER_UNUSABLE');
    expect(await add({ folder: join(world.folder, 'missing') })).toBe('HOT_FOLDER_UNUSABLE');
    expect(await add({ folder: file })).toBe('HOT_FOLDER_UNUSABLE');
    expect(await add({ folder: '/proc/self' })).toBe('HOT_FOLDER_UNUSABLE');
    expect(await add({ folder: world.folder })).toBe('HOT_FOLDER_EXISTS');
    expect(await add({ folder: inner })).toBe('HOT_FOLDER_EXISTS');
    const templates = join(world.batchWorld.folder, 'templates');
    expect(await add({ folder: templates })).toBe('HOT_FOLDER_UNUSABLE');
    expect(await add({ folder: inner, template_id: 'nothing' })).toBe('TEMPLATE_NOT_FOUND');
    expect(await add({ folder: inner, name: '{{' })).toBe('VALIDATION_FAILED');
    await expect(world.hotFolders.remove(99)).rejects.toMatchObject({ code: 'HOT_FOLDER_NOT_FOUND' });
  });
});
