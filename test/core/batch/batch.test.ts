import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { faultyDisk } from '../../support/job-disk.ts';
import { listFiles } from '../../support/job-folder.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { ALICE, pdfOf } from '../../support/job-world.ts';

const people = (count: number): { inline: unknown[] } => ({
  inline: Array.from({ length: count }, (_, at) => ({ n: at + 1, name: `Person ${at + 1}` })),
});

const pdfsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.pdf'));

test('each row becomes one whole file of its name in the folder, and nothing else is left', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const out = join(folder, 'out');
  const { id } = await world.start({
    rows: people(25),
    name: '{{name}}.pdf',
    output: { type: 'folder', folder: out },
  });
  const batch = await world.until(id, 'done');
  expect(batch.rows).toMatchObject({ total: 25, done: 25, failed: 0, waiting: 0, running: 0 });
  expect(batch.pages).toBe(25);
  expect(pdfsIn(out)).toHaveLength(25);
  expect(readFileSync(join(out, 'Person 7.pdf'), 'latin1')).toContain('"name":"Person 7"');
  expect(readdirSync(out).filter((name) => !name.endsWith('.pdf'))).toEqual(['index.csv']);
  // The jobs of the rows are gone, with their documents and payloads.
  expect(world.jobs.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 0, error: 0 });
  expect(listFiles(join(folder, 'output'))).toEqual([]);
});

test('a batch that is started while the host still opens keeps its rows and is read once', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder, started: false });
  const starting = Array.from({ length: 20 }, () => world.start({ rows: people(2) }));
  await Promise.all([world.batches.open(), world.jobs.queue.start()]);
  for (const { id } of await Promise.all(starting)) {
    const { state, rows } = await world.until(id, 'done', 'failed');
    expect({ state, rows }).toMatchObject({ state: 'done', rows: { total: 2, done: 2 } });
  }
});

test('the index names file, pages, size and hash of every row', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const out = join(folder, 'out');
  const { id } = await world.start({
    rows: { inline: [{ n: 1 }, { x: '=1+1' }] },
    name: '{{n}}.pdf',
    output: { type: 'folder', folder: out },
  });
  await world.until(id, 'done');
  const [head, first, second] = readFileSync(join(out, 'index.csv'), 'utf8').split('\r\n');
  expect(head).toBe('row,line,file,state,pages,size,sha256,error');
  expect(first).toMatch(/^1,1,1\.pdf,done,1,\d+,[0-9a-f]{64},$/);
  expect(second).toBe('2,2,,failed,,,,{{n}}: there is nothing for the name of the document.');
});

test('a bad row ends alone, with its number and reason; mended it becomes a document', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({
    folder,
    run: () => (request) => {
      const { n } = request.data as { n: number };
      if (n === 2) throw new InfluxionError('TEMPLATE_MISSING_FIELD', 'The data lacks "price".', { line: 3 });
      return Promise.resolve({ pdf: pdfOf(String(n)), warnings: [], timings: {} });
    },
  });
  const { id } = await world.start({ rows: people(3), name: '{{name}}' });
  const batch = await world.until(id, 'done');
  expect(batch.rows).toMatchObject({ done: 2, failed: 1 });
  const [failed] = world.batches.rows(id, { state: 'failed', limit: 10 }, OWNER);
  expect(failed).toMatchObject({ row: 2, error: 'The data lacks "price".', error_detail: { line: 3 } });

  await world.batches.retryRow(id, 2, { n: 22, name: 'Person 2' }, OWNER);
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 3, failed: 0 });
  expect((await world.batches.row(id, 2, OWNER)).data).toEqual({ n: 22, name: 'Person 2' });
  expect(readFileSync(world.batches.document(id, 2, OWNER).path, 'latin1')).toContain('(22)');
});

test('the template is the one of the start, whatever happens to it while the batch runs', async () => {
  const folder = temporaryFolder();
  const template = join(folder, 'templates', 'card');
  await mkdir(join(template, 'assets'), { recursive: true });
  writeFileSync(join(template, 'template.html'), 'first');
  writeFileSync(join(template, 'assets', 'logo.txt'), 'first logo');
  let ran = 0;
  await using world = await openBatchWorld({
    folder,
    concurrency: 2,
    run: (library) => async (request) => {
      const loaded = await library.load(request.html_template.id ?? '');
      const logo = await loaded.assets('assets/logo.txt');
      ran += 1;
      if (ran === 2) rmSync(template, { recursive: true });
      const text = `${loaded.html} ${Buffer.from(logo?.bytes ?? []).toString()} ${loaded.id ?? ''}`;
      return { pdf: pdfOf(text), warnings: [], timings: {} };
    },
  });
  const { id } = await world.start({ html_template: { id: 'card' }, rows: people(10) });
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 10, failed: 0 });
  for (let row = 1; row <= 10; row += 1) {
    expect(readFileSync(world.batches.document(id, row, OWNER).path, 'latin1')).toContain(
      'first first logo card',
    );
  }
});

test('a second run leaves files alone that would be the same, and makes those anew that would not', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const out = join(folder, 'out');
  const output = { type: 'folder', folder: out } as const;
  const first = await world.start({ rows: people(5), name: '{{n}}.pdf', output });
  await world.until(first.id, 'done');
  const before = statSync(join(out, '1.pdf')).ino;
  rmSync(join(out, '3.pdf'));
  writeFileSync(join(out, '4.pdf'), 'spoiled');

  const rows = { inline: [...people(4).inline, { n: 5, name: 'Somebody else' }] };
  const second = await world.start({ rows, name: '{{n}}.pdf', output });
  expect((await world.until(second.id, 'done')).rows).toMatchObject({ done: 5, unchanged: 2 });
  expect(statSync(join(out, '1.pdf')).ino).toBe(before);
  expect(readFileSync(join(out, '4.pdf'), 'latin1')).toContain('Person 4');
  expect(readFileSync(join(out, '5.pdf'), 'latin1')).toContain('Somebody else');
});

test('a file of somebody else in the folder keeps its name', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const out = join(folder, 'out');
  await mkdir(out);
  writeFileSync(join(out, '1.pdf'), 'mine');
  const { id } = await world.start({
    rows: people(2),
    name: '{{n}}.pdf',
    output: { type: 'folder', folder: out },
  });
  await world.until(id, 'done');
  expect(readFileSync(join(out, '1.pdf'), 'utf8')).toBe('mine');
  expect(pdfsIn(out).sort()).toEqual(['1 (2).pdf', '1.pdf', '2.pdf']);
});

test('a folder that is removed in the middle is made again, with all its documents', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  let ran = 0;
  await using world = await openBatchWorld({
    folder,
    run: () => (request) => {
      ran += 1;
      if (ran === 12) rmSync(out, { recursive: true, force: true, maxRetries: 20 });
      return Promise.resolve({ pdf: pdfOf(JSON.stringify(request.data)), warnings: [], timings: {} });
    },
  });
  const { id } = await world.start({ rows: people(20), output: { type: 'folder', folder: out } });
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 20, failed: 0 });
  expect(pdfsIn(out)).toHaveLength(20);
});

for (const [what, code, words] of [
  ['is full', 'ENOSPC', /^The disk that the documents go to is full\./],
  ['is read-only', 'EROFS', /cannot be written to/],
  ['has vanished', 'ENXIO', /reports errors/],
] as const) {
  test(`a disk that ${what} in the middle is told of in words, and the rest goes on by itself when it is not`, async () => {
    const folder = temporaryFolder();
    const disk = faultyDisk();
    let ran = 0;
    await using world = await openBatchWorld({
      folder,
      batch: { disk: disk.calls },
      run: () => (request) => {
        ran += 1;
        if (ran === 8) disk.fail(code, (call) => call === 'rename');
        return Promise.resolve({ pdf: pdfOf(JSON.stringify(request.data)), warnings: [], timings: {} });
      },
    });
    const out = join(folder, 'out');
    const { id } = await world.start({ rows: people(20), output: { type: 'folder', folder: out } });
    await expect.poll(() => world.batches.get(id, OWNER).problem).toMatch(words);
    expect(world.batches.get(id, OWNER).state).toBe('running');
    // Nothing that is half written keeps lying there.
    await expect.poll(() => readdirSync(out).filter((name) => !name.endsWith('.pdf'))).toEqual([]);
    disk.mend();
    expect(await world.until(id, 'done')).toMatchObject({ problem: null, rows: { done: 20, failed: 0 } });
    expect(pdfsIn(out)).toHaveLength(20);
  });
}

test('a file where the folder was is told of, and the batch goes on when it is gone', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  let ran = 0;
  await using world = await openBatchWorld({
    folder,
    run: () => (request) => {
      ran += 1;
      if (ran === 5) {
        rmSync(out, { recursive: true, force: true, maxRetries: 20 });
        writeFileSync(out, 'a file');
      }
      return Promise.resolve({ pdf: pdfOf(JSON.stringify(request.data)), warnings: [], timings: {} });
    },
  });
  const { id } = await world.start({ rows: people(12), output: { type: 'folder', folder: out } });
  await expect.poll(() => world.batches.get(id, OWNER).problem).not.toBeNull();
  rmSync(out);
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 12 });
  expect(pdfsIn(out)).toHaveLength(12);
});

test('paused it lets no row in, resumed it goes on, cancelled it leaves what is done', async () => {
  const folder = temporaryFolder();
  const gate = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<undefined>();
  let ran = 0;
  let isResumed = false;
  let afterwards = 0;
  await using world = await openBatchWorld({
    folder,
    run: () => async (request) => {
      ran += 1;
      if (ran === 4) await gate.promise;
      // Some are under way when the batch is cancelled.
      if (isResumed && (afterwards += 1) > 1) await end.promise;
      return { pdf: pdfOf(JSON.stringify(request.data)), warnings: [], timings: {} };
    },
  });
  const { id } = await world.start({ rows: people(50) });
  await expect.poll(() => ran).toBeGreaterThanOrEqual(4);
  await world.batches.pause(id, OWNER);
  gate.resolve(undefined);
  await expect.poll(() => world.batches.get(id, OWNER).rows.running).toBe(0);
  const paused = world.batches.get(id, OWNER);
  expect(paused.state).toBe('paused');
  expect(paused.rows.waiting).toBeGreaterThan(0);
  isResumed = true;
  await world.batches.resume(id, OWNER);
  await expect.poll(() => world.batches.get(id, OWNER).rows.done).toBeGreaterThan(paused.rows.done);
  const cancelled = await world.batches.cancel(id, OWNER);
  expect(cancelled.state).toBe('cancelled');
  end.resolve(undefined);
  await expect.poll(() => world.batches.get(id, OWNER).rows.running).toBe(0);
  const { rows } = world.batches.get(id, OWNER);
  expect(rows.waiting).toBe(0);
  expect(rows.done + rows.cancelled).toBe(50);
  await world.batches.retry(id, undefined, OWNER);
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 50, cancelled: 0 });
});

test('a job that somebody waits for finds a free attempt while a batch is at work', async () => {
  const folder = temporaryFolder();
  const held: (() => void)[] = [];
  await using world = await openBatchWorld({
    folder,
    concurrency: 4,
    run: () => async (request) => {
      if ((request.data as { text?: string }).text !== 'urgent') {
        await new Promise<void>((resolve) => held.push(resolve));
      }
      return { pdf: pdfOf('x'), warnings: [], timings: {} };
    },
  });
  const { id } = await world.start({ rows: people(30) });
  await expect.poll(() => held.length).toBe(3);
  const job = await world.jobs.submit('urgent');
  expect((await world.jobs.ended(job)).status).toBe('Done');
  const ending = setInterval(() => held.splice(0).forEach((resolve) => resolve()), 5);
  expect((await world.until(id, 'done')).rows.done).toBe(30);
  clearInterval(ending);
});

test('what another client started is not there; places on this computer are for its owner', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const { id } = await world.start({});
  expect(() => world.batches.get(id, ALICE)).toThrow('There is no batch');
  await expect(world.start({ output: { type: 'folder', folder } }, ALICE)).rejects.toMatchObject({
    code: 'OWNER_ONLY',
  });
  await expect(world.start({ rows: { file: '/etc/passwd' } }, ALICE)).rejects.toMatchObject({
    code: 'OWNER_ONLY',
  });
  await expect(world.start({ template_folder: '/etc' }, ALICE)).rejects.toMatchObject({ code: 'OWNER_ONLY' });
});

test('a batch that is removed takes its documents, its template and its rows with it', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const { id } = await world.start({ rows: people(3) });
  await world.until(id, 'done');
  expect(listFiles(join(folder, 'pinned'))).not.toEqual([]);
  await world.batches.remove(id, OWNER);
  expect(existsSync(join(folder, 'batches')) && readdirSync(join(folder, 'batches'))).toEqual([]);
  expect(listFiles(join(folder, 'pinned'))).toEqual([]);
  expect(() => world.batches.get(id, OWNER)).toThrow('There is no batch');
});

test('what ended long enough ago goes with its documents, and not what a folder of the user holds', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  {
    const world = await openBatchWorld({ folder });
    const kept = await world.start({ rows: people(2), output: { type: 'folder', folder: out } });
    const own = await world.start({ rows: people(2) });
    await Promise.all([world.until(kept.id, 'done'), world.until(own.id, 'done')]);
    await world.close();
  }
  await using world = await openBatchWorld({ folder, batch: { keptMs: () => -1 } });
  await expect.poll(() => world.batches.total()).toBe(0);
  await expect.poll(() => readdirSync(join(folder, 'batches'))).toEqual([]);
  expect(pdfsIn(out)).toHaveLength(2);
});

test('rows before one that cannot be read are no batch; nothing is made of them', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const file = join(folder, 'rows.csv');
  writeFileSync(file, `n\n${'1\n'.repeat(1000)}"2\n`);
  const { id } = await world.start({ rows: { file } });
  const batch = await world.until(id, 'failed');
  expect(batch.error).toMatch(/^A quotation mark in the row that begins in line 1002 is never closed/);
  expect(batch.rows.total).toBe(0);
});

test('a pattern of names that fits no row ends the batch once, and leaves the index of an earlier one alone', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const output = { type: 'folder', folder: join(folder, 'out') } as const;
  const good = await world.start({ rows: people(3), name: '{{name}}.pdf', output });
  await world.until(good.id, 'done');
  const index = readFileSync(join(output.folder, 'index.csv'), 'utf8');
  const { id } = await world.start({ rows: people(3), name: '{{nmae}}.pdf', output });
  const batch = await world.until(id, 'failed');
  expect(batch.error).toBe(
    'The pattern of the names fits none of the rows. {{nmae}}: there is nothing for the name of the document. ' +
      'Change it, or where the columns go; they are n, name',
  );
  expect(batch.rows.total).toBe(0);
  expect(readFileSync(join(output.folder, 'index.csv'), 'utf8')).toBe(index);
});

test('a batch that is refused leaves no folder that was made for it, and each that was there', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const file = join(folder, 'rows.csv');
  writeFileSync(file, '');
  const own = join(folder, 'mine');
  mkdirSync(own);
  for (const to of [own, join(own, 'new', 'deep')]) {
    const output = { type: 'folder', folder: to } as const;
    await expect(world.start({ rows: { file }, output })).rejects.toMatchObject({ code: 'ROWS_INVALID' });
    expect(readdirSync(own)).toEqual([]);
  }
  // A detour through a folder that is not there.
  const output = { type: 'folder', folder: `${folder}/new/../mine/deep` } as const;
  await expect(world.start({ rows: { file }, output })).rejects.toMatchObject({ code: 'ROWS_INVALID' });
  expect(readdirSync(own)).toEqual([]);
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('rows that cannot be read at all are refused before anything is started', async () => {
  const folder = temporaryFolder();
  await using world = await openBatchWorld({ folder });
  const file = join(folder, 'rows.csv');
  writeFileSync(file, '');
  await expect(world.start({ rows: { file } })).rejects.toMatchObject({
    code: 'ROWS_INVALID',
    message: 'The file is empty.',
  });
  writeFileSync(file, 'name\n');
  const { id } = await world.start({ rows: { file } });
  expect(await world.until(id, 'failed')).toMatchObject({
    error: 'The file holds no rows. It needs a row of names and at least one row of values.',
  });
});
