/** Rows that are printed together before they enter the queue; the print is a stand-in, all else is the real thing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { createPrintsAhead } from '../../../core/document/gang/prints-ahead.ts';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { printedTogether, ROWS_A_PRINT, standInGangs } from '../../support/stand-in-gangs.ts';

const people = (count: number): { inline: unknown[] } => ({
  inline: Array.from({ length: count }, (_, at) => ({ n: at + 1 })),
});
const dataOfRow = (n: number): string => JSON.stringify({ n });
const rowsOf = (prints: readonly (readonly { data: string }[])[]): string[] =>
  prints.flat().map(({ data }) => data);

test('each row is printed once, with others, and its file is its own', async () => {
  const folder = temporaryFolder();
  const stand = standInGangs(folder);
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs: stand.gangs } });
  const out = join(folder, 'out');
  const { id } = await world.start({
    rows: people(61),
    name: '{{n}}.pdf',
    output: { type: 'folder', folder: out },
  });
  expect((await world.until(id, 'done')).rows).toMatchObject({ total: 61, done: 61, failed: 0 });
  expect(readdirSync(out).filter((name) => name.endsWith('.pdf'))).toHaveLength(61);
  for (let n = 1; n <= 61; n += 1) {
    expect(readFileSync(join(out, `${n}.pdf`), 'latin1')).toContain(`(together ${dataOfRow(n)})`);
  }
  expect(rowsOf(stand.prints)).toEqual(people(61).inline.map((row) => JSON.stringify(row)));
  expect(Math.max(...stand.prints.map(({ length }) => length))).toBe(ROWS_A_PRINT);
  expect(stand.singly).toEqual([]);
});

test('a few rows are printed by themselves: nothing would make up for the comparisons', async () => {
  const folder = temporaryFolder();
  const stand = standInGangs(folder);
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs: stand.gangs } });
  const { id } = await world.start({ rows: people(12) });
  expect((await world.until(id, 'done')).rows.done).toBe(12);
  expect(stand.prints).toEqual([]);
});

test('rows of a template that allows no such prints, and those of one that never pays off, are printed singly', async () => {
  const folder = temporaryFolder();
  const never = standInGangs(folder, { reason: 'it has scripts' });
  {
    await using world = await openBatchWorld({ folder, run: never.run, batch: { gangs: never.gangs } });
    const { id } = await world.start({ rows: people(50) });
    expect((await world.until(id, 'done')).rows.done).toBe(50);
    expect(never.prints).toEqual([]);
  }
  const other = temporaryFolder();
  const useless = standInGangs(other, { leavesOut: () => true });
  await using world = await openBatchWorld({
    folder: other,
    run: useless.run,
    batch: { gangs: useless.gangs },
  });
  const { id } = await world.start({ rows: people(300) });
  expect((await world.until(id, 'done')).rows.done).toBe(300);
  expect(useless.prints.flat().length).toBeLessThan(130);
  expect(useless.singly).toHaveLength(300);
});

test('a print that fails costs no row its document', async () => {
  const folder = temporaryFolder();
  const stand = standInGangs(folder, {
    during: () => Promise.reject(new Error('the worker has gone')),
  });
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs: stand.gangs } });
  const { id } = await world.start({ rows: people(45) });
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 45, failed: 0 });
  expect(stand.singly).toHaveLength(45);
});

test('a row that a print left out ends alone with its own error; mended it is made of its new data', async () => {
  const folder = temporaryFolder();
  const stand = standInGangs(folder, {
    leavesOut: (data) => data === dataOfRow(7),
    alone: (data) =>
      data === dataOfRow(7)
        ? Promise.reject(new InfluxionError('TEMPLATE_MISSING_FIELD', 'The data lacks "price".'))
        : Promise.resolve(),
  });
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs: stand.gangs } });
  const { id } = await world.start({ rows: people(50), name: '{{n}}' });
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 49, failed: 1 });
  const [failed] = world.batches.rows(id, { state: 'failed', limit: 10 }, OWNER);
  expect(failed).toMatchObject({ row: 7, error: 'The data lacks "price".' });
  await world.batches.retryRow(id, 7, { n: 77 }, OWNER);
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 50, failed: 0 });
  expect(readFileSync(world.batches.document(id, 7, OWNER).path, 'latin1')).toContain(dataOfRow(77));
});

test.each(['pause', 'cancel'] as const)(
  '%s ends what is being printed and lets go of what lies ahead',
  async (how) => {
    const folder = temporaryFolder();
    const signals: AbortSignal[] = [];
    let isResumed = false;
    const stand = standInGangs(folder, {
      // The second print never ends by itself.
      async during(_rows, signal) {
        signals.push(signal);
        if (signals.length === 1 || isResumed) return;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', reject, { once: true }));
      },
      alone: () => Promise.reject(new Error('printed anew')),
    });
    const end = Promise.withResolvers<undefined>();
    const run = () => {
      const take = stand.run();
      return async (...args: Parameters<typeof take>) => {
        const result = await take(...args);
        if (!isResumed) await end.promise;
        return result;
      };
    };
    await using world = await openBatchWorld({ folder, concurrency: 3, run, batch: { gangs: stand.gangs } });
    const { id } = await world.start({ rows: people(60), name: '{{n}}' });
    await expect.poll(() => world.batches.get(id, OWNER).rows.running).toBe(2);
    await expect.poll(() => signals.length).toBeGreaterThan(1);
    await world.batches[how](id, OWNER);
    expect(signals[1]?.aborted).toBe(true);
    end.resolve(undefined);
    await expect.poll(() => world.batches.get(id, OWNER).rows.running).toBe(0);
    expect(stand.ahead.bytes).toBe(0);
    isResumed = true;
    await (how === 'pause' ? world.batches.resume(id, OWNER) : world.batches.retry(id, undefined, OWNER));
    expect((await world.until(id, 'done')).rows).toMatchObject({ done: 60, failed: 0, cancelled: 0 });
    for (let n = 1; n <= 60; n += 1) {
      expect(readFileSync(world.batches.document(id, n, OWNER).path, 'latin1')).toContain(dataOfRow(n));
    }
    expect(stand.ahead.bytes).toBe(0);
  },
);

test('a batch that is paused before its template is known leaves nothing ahead', async () => {
  const folder = temporaryFolder();
  const stand = standInGangs(folder);
  const opened = Promise.withResolvers<undefined>();
  const opening = Promise.withResolvers<undefined>();
  const gangs = {
    async open(pin: string) {
      opening.resolve(undefined);
      await opened.promise;
      return stand.gangs.open(pin);
    },
  };
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs } });
  const { id } = await world.start({ rows: people(50) });
  await opening.promise;
  await world.batches.pause(id, OWNER);
  opened.resolve(undefined);
  const { id: other } = await world.start({ rows: { inline: [{ n: 'another batch' }] } });
  await world.until(other, 'done');
  expect(stand.prints).toEqual([]);
  await world.batches.resume(id, OWNER);
  expect((await world.until(id, 'done')).rows).toMatchObject({ done: 50, failed: 0 });
  expect(stand.ahead.bytes).toBe(0);
});

test('batches beside each other are printed together with their own, and what lies ahead stays within bounds', async () => {
  const folder = temporaryFolder();
  let atOnce = 0;
  let most = 0;
  const stand = standInGangs(folder, {
    async during() {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
    },
    // Room for ten of them.
    maxBytes: 10 * (printedTogether(dataOfRow(1)).pdf as Uint8Array).length + 50,
  });
  await using world = await openBatchWorld({ folder, run: stand.run, batch: { gangs: stand.gangs } });
  const started = await Promise.all(
    ['a', 'b', 'c'].map((html) => world.start({ html_template: { content: html }, rows: people(50) })),
  );
  for (const { id } of started) {
    expect((await world.until(id, 'done')).rows).toMatchObject({ done: 50, failed: 0 });
    for (let n = 1; n <= 50; n += 1) {
      expect(readFileSync(world.batches.document(id, n, OWNER).path, 'latin1')).toContain(dataOfRow(n));
    }
  }
  expect(most).toBeLessThanOrEqual(2);
  expect(stand.ahead.bytes).toBe(0);
});

test('a print is handed out for what it was made of, once', () => {
  const ahead = createPrintsAhead(1_000);
  const request = { html_template: { id: '@one' } };
  const put = (data: string) => ahead.put(request, data, { document: printedTogether(data), bytes: 400 });
  const release = put('{"n":1}');
  expect(ahead.take(request, '{"n":2}')).toBeUndefined();
  expect(ahead.take({ html_template: { id: '@two' } }, '{"n":1}')).toBeUndefined();
  expect(ahead.take({ html_template: { content: '@one' } }, '{"n":1}')).toBeUndefined();
  expect(ahead.take({ ...request, options: { page_size: 'A5' } }, '{"n":1}')).toBeUndefined();
  expect(ahead.take({ ...request, pdf_standard: 'pdf/a-2b' }, '{"n":1}')).toBeUndefined();
  expect(ahead.take({ ...request, document_id: 'x', options: null }, '{"n":1}')).toBeDefined();
  expect(ahead.take(request, '{"n":1}')).toBeUndefined();
  release?.();

  // Equal rows have a print each, and a release is of one's own.
  const [first, second] = [put('{}'), put('{}')];
  expect(put('{}')).toBeUndefined();
  first?.();
  first?.();
  expect(ahead.bytes).toBe(400);
  expect(ahead.take(request, '{}')).toBeDefined();
  second?.();
  expect(ahead.bytes).toBe(0);
});
