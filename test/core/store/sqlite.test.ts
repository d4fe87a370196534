import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../../core/store/db.ts';
import { MIGRATIONS } from '../../../core/store/migrations/index.ts';
import type { SyncCalls } from '../../../core/store/log-sync.ts';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { silentLogger } from '../../support/job-world.ts';

const NOTES = { id: 1, name: 'notes', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT' };
const LINKS = {
  id: 2,
  name: 'links',
  sql: 'CREATE TABLE links (note INTEGER NOT NULL REFERENCES notes (id)) STRICT',
};

function open(file: string, migrations = [NOTES, LINKS]): Db {
  return openDatabase(file, { logger: silentLogger, migrations });
}

function texts(db: Db): string[] {
  return db
    .prepare('SELECT text FROM notes ORDER BY id')
    .all<{ text: string }>()
    .map((row) => row.text);
}

const add = (db: Db, text: string) => db.prepare('INSERT INTO notes (text) VALUES (?)').run(text);
const databaseFile = (): string => join(temporaryFolder(), 'influxion.db');

describe('group commit', () => {
  test('works of one turn become visible to another connection together, and only after they resolve', async () => {
    const file = databaseFile();
    const db = open(file);
    const other = new DatabaseSync(file, { readOnly: true });
    const count = () => other.prepare('SELECT count(*) AS n FROM notes').get()?.['n'];
    const seen: unknown[] = [];
    const writes = ['a', 'b', 'c'].map((text) =>
      db.write(() => {
        add(db, text);
        seen.push(count());
      }),
    );
    await writes[0];
    expect(seen).toEqual([0, 0, 0]);
    expect(count()).toBe(3);
    await Promise.all(writes);
    other.close();
    db.close();
  });

  test('a failing work takes only its own rows and its own promise with it', async () => {
    const db = open(databaseFile());
    const results = await Promise.allSettled([
      db.write(() => add(db, 'first')),
      db.write(() => {
        add(db, 'half');
        throw new Error('no');
      }),
      db.write(() => add(db, 'last')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(texts(db)).toEqual(['first', 'last']);
    db.close();
  });

  test('a failing COMMIT rejects all of the group and leaves the connection usable', async () => {
    const db = open(databaseFile());
    const results = await Promise.allSettled([
      db.write(() => add(db, 'innocent')),
      db.write(() => {
        db.exec('PRAGMA defer_foreign_keys = ON');
        db.prepare('INSERT INTO links (note) VALUES (99)').run();
      }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(texts(db)).toEqual([]);
    await db.write(() => add(db, 'after'));
    expect(texts(db)).toEqual(['after']);
    db.close();
  });

  test('a full disk is DISK_FULL for those it hits, and the next write works when there is space again', async () => {
    const db = open(databaseFile());
    const pages = db.prepare('PRAGMA page_count').get<{ page_count: number }>()?.page_count ?? 0;
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const results = await Promise.allSettled([
      db.write(() => add(db, 'small')),
      db.write(() => add(db, 'x'.repeat(1_000_000))),
    ]);
    expect(results[1]).toMatchObject({ status: 'rejected', reason: { code: 'DISK_FULL' } });
    db.exec('PRAGMA max_page_count = 1000000');
    await db.write(() => add(db, 'later'));
    expect(texts(db).at(-1)).toBe('later');
    expect(texts(db)).not.toContain('x'.repeat(1_000_000));
    expect(texts(db).includes('small')).toBe(results[0].status === 'fulfilled');
    db.close();
  });

  test('what was queued before close is committed, what comes after is refused', async () => {
    const file = databaseFile();
    const db = open(file);
    const written = db.write(() => add(db, 'in time'));
    db.close();
    await written;
    await expect(db.write(() => 1)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const again = open(file);
    expect(texts(again)).toEqual(['in time']);
    again.close();
  });

  test('a transaction inside a transaction can fail without undoing the outer one', () => {
    const db = open(databaseFile());
    db.transaction(() => {
      add(db, 'outer');
      expect(() =>
        db.transaction(() => {
          add(db, 'inner');
          throw new Error('no');
        }),
      ).toThrow('no');
    });
    expect(texts(db)).toEqual(['outer']);
    db.close();
  });
});

describe('durability', () => {
  /** Syncs that wait until the test lets them go. */
  function heldSyncs(): SyncCalls & {
    readonly waiting: PromiseWithResolvers<undefined>[];
    now: number;
    fd: number;
  } {
    const held = {
      waiting: [] as PromiseWithResolvers<undefined>[],
      now: 0,
      fd: -1,
      sync(fd: number) {
        held.fd = fd;
        const sync = Promise.withResolvers<undefined>();
        held.waiting.push(sync);
        return sync.promise;
      },
      syncNow() {
        held.now += 1;
      },
    };
    return held;
  }
  const openHeld = (file: string, sync: SyncCalls): Db =>
    openDatabase(file, { logger: silentLogger, migrations: [NOTES, LINKS], sync });
  const turns = () => new Promise((resolve) => setTimeout(resolve, 20));
  /** What a machine finds after its power failed now, with all that was handed to a sync. */
  function textsAfterPowerCut(file: string): string[] {
    const copy = databaseFile();
    for (const side of ['', '-wal']) copyFileSync(file + side, copy + side);
    const db = open(copy);
    try {
      return texts(db);
    } finally {
      db.close();
    }
  }

  test('a write resolves only once the log with it is synced', async () => {
    const file = databaseFile();
    const held = heldSyncs();
    const db = openHeld(file, held);
    let resolved = false;
    const written = db.write(() => add(db, 'kept')).then(() => (resolved = true));
    await turns();
    expect(held.waiting).toHaveLength(1);
    expect(textsAfterPowerCut(file)).toEqual(['kept']);
    expect(resolved).toBe(false);
    held.waiting[0]?.resolve(undefined);
    await written;
    db.close();
  });

  test('works that come while a transaction is synced share the next transaction and its sync', async () => {
    const file = databaseFile();
    const held = heldSyncs();
    const db = openHeld(file, held);
    const first = db.write(() => add(db, 'first'));
    await turns();
    const later = ['second', 'third'].map((text) => db.write(() => add(db, text)));
    await turns();
    expect(texts(db)).toEqual(['first']);
    held.waiting[0]?.resolve(undefined);
    await first;
    await turns();
    expect(texts(db)).toEqual(['first', 'second', 'third']);
    expect(held.waiting).toHaveLength(2);
    held.waiting[1]?.resolve(undefined);
    await Promise.all(later);
    db.close();
  });

  test('after a sync that failed nothing is read, written or synced any more', async () => {
    const file = databaseFile();
    const held = heldSyncs();
    const db = openHeld(file, held);
    const lost = db.write(() => add(db, 'lost'));
    const select = db.prepare('SELECT text FROM notes');
    await turns();
    const behind = db.write(() => add(db, 'behind'));
    held.waiting[0]?.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    const unusable = {
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringContaining('did not keep') as string,
    };
    await expect(lost).rejects.toMatchObject(unusable);
    await expect(behind).rejects.toMatchObject(unusable);
    await expect(db.write(() => 1)).rejects.toMatchObject(unusable);
    for (const use of [
      () => select.all(),
      () => db.prepare('SELECT 1'),
      () => {
        db.transaction(() => 1);
      },
    ])
      expect(use).toThrow(expect.objectContaining(unusable) as Error);
    expect(held.waiting).toHaveLength(1);
    db.close();
    expect(textsAfterPowerCut(file)).not.toContain('behind');
  });

  test('a transaction of its own is synced before it returns, and once', () => {
    const held = heldSyncs();
    const db = openHeld(databaseFile(), held);
    held.now = 0;
    db.transaction(() => {
      add(db, 'outer');
      db.transaction(() => add(db, 'inner'));
      expect(held.now).toBe(0);
    });
    expect(held.now).toBe(1);
    db.close();
  });

  test('what is synced is the log in use, after checkpoints that cut it off as well', async () => {
    const file = databaseFile();
    const held = heldSyncs();
    const db = openHeld(file, held);
    for (const mode of ['PASSIVE', 'TRUNCATE']) {
      db.exec(`PRAGMA wal_checkpoint(${mode})`);
      const written = db.write(() => add(db, 'x'.repeat(5_000_000)));
      await turns();
      expect(fstatSync(held.fd).ino).toBe(statSync(`${file}-wal`).ino);
      expect(fstatSync(held.fd).size).toBeGreaterThan(5_000_000);
      held.waiting.pop()?.resolve(undefined);
      await written;
    }
    db.close();
  });

  test('SQLite itself syncs what ours does not cover: the header of the log, and checkpoints', () => {
    const db = open(databaseFile());
    expect(db.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 1 });
    db.close();
  });
});

describe('migrations', () => {
  test('an applied step whose text was edited is refused', () => {
    const file = databaseFile();
    open(file).close();
    const edited = { ...NOTES, sql: `${NOTES.sql} ` };
    expect(() => open(file, [edited, LINKS])).toThrow(/another step 1/);
  });

  test('a database of a newer program is refused in words', () => {
    const file = databaseFile();
    open(file).close();
    expect(() => open(file, [NOTES])).toThrow(/newer Influxion/);
  });

  test('a copy of what was there is kept before the first new step, and only then', () => {
    const file = databaseFile();
    const first = open(file, [NOTES]);
    add(first, 'old');
    first.close();
    expect(existsSync(`${file}.before-1`)).toBe(false);
    open(file).close();
    const copy = new DatabaseSync(`${file}.before-2`, { readOnly: true });
    expect(copy.prepare('SELECT text FROM notes').all()).toMatchObject([{ text: 'old' }]);
    expect(copy.prepare('SELECT count(*) AS n FROM migrations').get()).toMatchObject({ n: 1 });
    copy.close();
    expect(statSync(`${file}.before-2`).mode & 0o077).toBe(0);
  });

  test('a failing step leaves the database at the step before', () => {
    const file = databaseFile();
    open(file, [NOTES]).close();
    const broken = { id: 2, name: 'broken', sql: 'CREATE TABLE half (id INTEGER); SELECT * FROM nowhere' };
    expect(() => open(file, [NOTES, broken])).toThrow();
    const db = open(file);
    expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
    db.close();
  });

  test('the steps of the program are numbered without gaps', () => {
    expect(MIGRATIONS.map((step) => step.id)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('a database of another program is not touched', () => {
    const file = databaseFile();
    const foreign = new DatabaseSync(file);
    foreign.exec('CREATE TABLE theirs (id INTEGER)');
    foreign.close();
    expect(() => open(file)).toThrow(/not made by Influxion/);
  });
});

describe('damage', () => {
  const failure = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('a file that is no database is DATA_FOLDER_UNUSABLE and says what to do', () => {
    const file = databaseFile();
    writeFileSync(file, 'x'.repeat(8_192));
    expect(failure(() => open(file))).toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      details: { hint: expect.stringContaining('influxion.db') as string },
    });
  });

  test('pages that were overwritten are found at the start after an unclean stop', () => {
    const file = databaseFile();
    const db = open(file);
    for (let i = 0; i < 50; i += 1) add(db, 'x'.repeat(2_000));
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    add(db, 'in the log');
    const torn = join(temporaryFolder(), 'influxion.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${torn}${suffix}`);
    db.close();
    const bytes = readFileSync(torn);
    bytes.fill(0xff, 5 * 4_096, 9 * 4_096);
    writeFileSync(torn, bytes);
    expect(failure(() => open(torn))).toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
  });

  test('a truncated write-ahead log loses its torn end and nothing else', async () => {
    const file = databaseFile();
    const db = open(file);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    for (let i = 0; i < 20; i += 1) await db.write(() => add(db, `note ${i}`));
    const torn = join(temporaryFolder(), 'influxion.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${torn}${suffix}`);
    db.close();
    truncateSync(`${torn}-wal`, statSync(`${torn}-wal`).size - 2_000);
    const again = open(torn);
    const kept = texts(again);
    expect(kept).toEqual(Array.from({ length: 19 }, (_, i) => `note ${i}`));
    again.close();
  });

  test('a folder that cannot be written to is DATA_FOLDER_UNUSABLE, without its path', () => {
    const file = databaseFile();
    closeSync(openSync(file, 'w'));
    const error = failure(() => open(join(file, 'influxion.db'))) as Error;
    expect(error).toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    expect(error.message).not.toContain(file);
  });

  test('only this user can read the database', () => {
    const file = databaseFile();
    const db = open(file);
    add(db, 'secret');
    for (const suffix of ['', '-wal']) expect(statSync(`${file}${suffix}`).mode & 0o077).toBe(0);
    db.close();
  });
});
