import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Db } from '../../../core/store/db.ts';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { faultyDisk } from '../../support/job-disk.ts';
import { verifyDataFolder } from '../../support/job-folder.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { ALICE, heldPipeline, openWorld, pdfOf, silentLogger } from '../../support/job-world.ts';

/** A database whose commits fail like those on a disk in trouble, as long as `fault` is set. */
function troubledDb(folder: string): {
  readonly db: Db;
  fault: number | undefined;
  refused: number;
  healed: () => boolean;
} {
  const real = openDatabase(`${folder}/influxion.db`, { logger: silentLogger });
  const trouble = {
    fault: undefined as number | undefined,
    refused: 0,
    healed: () => false,
    db: {
      ...real,
      write<T>(work: () => T): Promise<T> {
        return real.write(() => {
          const value = work();
          if (trouble.fault === undefined || trouble.healed()) return value;
          trouble.refused += 1;
          throw Object.assign(new Error('disk I/O error'), {
            code: 'ERR_SQLITE_ERROR',
            errcode: trouble.fault,
          });
        });
      },
    } satisfies Db,
  };
  return trouble;
}

const SQLITE_IOERR_FSYNC = 1_034;
const SQLITE_FULL = 13;

for (const code of ['ENOSPC', 'EIO', 'EROFS'] as const) {
  test(`${code} while a document is stored: the job waits, its attempt is not held against it, then it is done`, async () => {
    const disk = faultyDisk();
    const pipeline = heldPipeline();
    let time = 0;
    const clock = { now: () => Date.now(), monotonic: () => time };
    await using world = await openWorld({
      run: pipeline.run,
      disk: disk.calls,
      clock,
      retry: { maxAttempts: 2 },
    });
    const id = await world.submit('kept');
    disk.fail(code, (call) => call === 'write' || call === 'sync');
    // More often than a job may fail.
    for (let i = 0; i < 5; i += 1) (await pipeline.next()).finish();
    const last = await pipeline.next();
    await expect(world.submit('new one')).rejects.toMatchObject({
      code: code === 'ENOSPC' ? 'DISK_FULL' : 'DATA_FOLDER_UNUSABLE',
      details: { retryAfterSeconds: expect.any(Number) as number },
    });
    disk.mend();
    last.finish();
    expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 6 });
    time += 60_000;
    await world.submit('accepted again');
    (await pipeline.next()).finish();
  });
}

for (const [name, errcode, code] of [
  ['a full disk', SQLITE_FULL, 'DISK_FULL'],
  ['a failing fsync', SQLITE_IOERR_FSYNC, 'DATA_FOLDER_UNUSABLE'],
] as const) {
  test(`${name} while the end of a job is committed: nothing is lost, and it is printed only once`, async () => {
    const folder = temporaryFolder();
    const trouble = troubledDb(folder);
    const pipeline = heldPipeline();
    const world = await openWorld({ folder, db: trouble.db, run: pipeline.run, limits: { leaseMs: 60_000 } });
    const id = await world.submit('kept');
    const held = await pipeline.next();
    trouble.fault = errcode;
    held.finish();
    await expect.poll(() => trouble.refused).toBeGreaterThan(2);
    await expect(world.submit('refused')).rejects.toMatchObject({ code });
    expect(world.queue.get(id, ALICE).status).toBe('InProgress');
    trouble.fault = undefined;
    expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 1 });
    await world.close();
    expect(verifyDataFolder(folder, [id])).toMatchObject({ jobs: 1, done: 1, faults: [] });
  });

  test(`${name} while a job is accepted: the sender is told, and nothing of it is left`, async () => {
    const folder = temporaryFolder();
    const trouble = troubledDb(folder);
    const world = await openWorld({ folder, db: trouble.db });
    trouble.fault = errcode;
    await expect(world.submit('x'.repeat(400_000))).rejects.toMatchObject({ code });
    expect(world.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 0, error: 0 });
    trouble.fault = undefined;
    await world.close();
    expect(verifyDataFolder(folder, [])).toMatchObject({ jobs: 0, faults: [] });
  });
}

test('clients that keep asking during a disk fault do not keep it alive', async () => {
  let time = 0;
  const folder = temporaryFolder();
  const trouble = troubledDb(folder);
  const clock = { now: () => Date.now(), monotonic: () => time };
  await using world = await openWorld({ folder, db: trouble.db, clock });
  trouble.fault = SQLITE_IOERR_FSYNC;
  await expect(world.submit('x')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
  trouble.fault = undefined;
  let refused = 0;
  for (let second = 0; second < 10; second += 1) {
    time += 1_000;
    await world.submit('x').catch(() => (refused += 1));
  }
  expect(refused).toBe(1);
});

test('a disk so full that no row can be deleted is freed by deleting documents', async () => {
  const folder = temporaryFolder();
  const trouble = troubledDb(folder);
  const world = await openWorld({ folder, db: trouble.db });
  const id = await world.submit('large');
  await world.ended(id);
  const { path } = world.queue.openOutput(id, ALICE);
  trouble.fault = SQLITE_FULL;
  trouble.healed = () => !existsSync(path);
  expect(await world.queue.delete(id, ALICE)).toBe('deleted');
  await world.close();
  expect(verifyDataFolder(folder, [])).toMatchObject({ jobs: 0, faults: [] });
});

test('a real SQLITE_FULL in the middle of load: every accepted job is done in the end', async () => {
  const folder = temporaryFolder();
  const world = await openWorld({ folder, concurrency: 3 });
  const pages = world.db.prepare('PRAGMA page_count').get<{ page_count: number }>()?.page_count ?? 0;
  world.db.exec(`PRAGMA max_page_count = ${pages + 30}`);
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) => world.submit(`${i} ${'x'.repeat(3_000)}`)),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'DISK_FULL' });
  world.db.exec('PRAGMA max_page_count = 1000000');
  const accepted = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const id of accepted) expect((await world.ended(id)).status).toBe('Done');
  await world.close();
  expect(verifyDataFolder(folder, accepted).faults).toEqual([]);
});

test('a full disk during the stream of a large document costs no memory and no page', async () => {
  const disk = faultyDisk();
  let returned = 0;
  const pdf = pdfOf('big');
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        await new Promise(setImmediate);
        yield pdf;
      }
    } finally {
      returned += 1;
    }
  }
  const pipeline = heldPipeline();
  await using world = await openWorld({ run: pipeline.run, disk: disk.calls });
  const id = await world.submit('x');
  let writes = 0;
  disk.fail('ENOSPC', (call) => call === 'write' && (writes += 1) > 5);
  (await pipeline.next()).finish({ pdf: endless(), warnings: [], timings: {} });
  const next = await pipeline.next();
  expect(returned).toBe(1);
  disk.mend();
  next.finish();
  expect((await world.ended(id)).status).toBe('Done');
});
