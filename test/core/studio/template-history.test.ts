import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { TemplateHistory } from '../../../core/studio/template-history.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { silentLogger } from '../../support/job-world.ts';
import { workspaceWorld, type WorkspaceWorld } from '../../support/template-workspace-world.ts';

const MINUTE_MS = 60_000;
const FILES = { 'letter/template.html': 'v0', 'letter/samples/a.json': '{}', 'letter/assets/a.png': 'png' };
const id = 'letter';
const path = 'template.html';

let world: WorkspaceWorld;
let base: string;

beforeEach(async () => {
  world = await workspaceWorld({ files: FILES });
  const { files } = await world.call('templates.open', { id });
  base = files.find((file) => file.path === path)?.revision ?? '';
});
afterEach(() => world.close());

const type = async (text: string): Promise<void> => {
  base = (await world.call('templates.write', { id, path, text, base })).revision;
};
/** The texts of the history, newest first. */
const history = async (of: string = id, file: string | null = path): Promise<string[]> => {
  const { snapshots } = await world.call('history.list', { id: of, ...(file !== null && { path: file }) });
  const texts: string[] = [];
  for (const { id: snapshot } of snapshots) {
    texts.push((await world.call('history.read', { id: of, snapshot })).text);
  }
  return texts;
};

describe('the history of a file', () => {
  it('keeps what it was before, one snapshot a minute of typing', async () => {
    await type('v1');
    await type('v2');
    world.advance(MINUTE_MS - 1);
    await type('v3');
    expect(await history()).toEqual(['v0']);
    world.advance(1);
    await type('v4');
    await type('v5');
    expect(await history()).toEqual(['v3', 'v0']);
    const { snapshots } = await world.call('history.list', { id, path });
    expect(snapshots[0]).toMatchObject({ path, size: 2, taken_at: '2026-01-15T12:01:00.000Z' });
  });

  it('survives a restart, and going back can be undone as well', async () => {
    await type('v1');
    await world.restart();
    expect(await history()).toEqual(['v0']);
    await type('v2');
    await type('v0');
    expect(await history()).toEqual(['v2', 'v1', 'v0']);
  });

  it('does not keep the same state twice in a row', async () => {
    await type('v1');
    await world.restart();
    await type('v2');
    await world.restart();
    // As if the write that followed the snapshot had been lost in a crash.
    await world.write('letter/template.html', 'v1');
    base =
      (await world.call('templates.open', { id })).files.find((file) => file.path === path)?.revision ?? '';
    await type('v3');
    expect(await history()).toEqual(['v1', 'v0']);
  });

  it('keeps what was removed, of texts', async () => {
    await world.call('templates.remove_file', { id, path: 'samples/a.json' });
    await world.call('templates.remove_file', { id, path: 'assets/a.png' });
    expect(await history(id, 'samples/a.json')).toEqual(['{}']);
    expect(await history(id, 'assets/a.png')).toEqual([]);
  });

  it('keeps what a file was that another one was put in place of', async () => {
    await world.call('templates.put_file', { id, path: 'samples/a.json', bytes: Buffer.from('[1]') });
    expect(await history(id, 'samples/a.json')).toEqual(['{}']);
  });

  it('goes with a file and a template that get another name, and into the bin and back', async () => {
    await type('v1');
    await world.call('templates.put_file', { id, path: 'samples/a.json', bytes: Buffer.from('[1]') });
    await world.call('templates.rename_file', { id, path: 'samples/a.json', to: 'samples/b.json' });
    await world.call('templates.rename', { id, name: 'Bill' });
    expect(await history('bill', 'samples/b.json')).toEqual(['{}']);
    expect(await history('bill')).toEqual(['v0']);
    const { bin_id } = await world.call('templates.remove', { id: 'bill' });
    await world.call('templates.create', { name: 'Bill' });
    expect(await history('bill')).toEqual([]);
    const restored = await world.call('templates.restore', { bin_id });
    expect(restored.id).toBe('bill-2');
    expect(await history('bill-2')).toEqual(['v0']);
    expect(await history('bill-2', null)).toHaveLength(2);
  });

  it('is not shown to another template', async () => {
    await type('v1');
    const { snapshots } = await world.call('history.list', { id });
    const failed = await world.failure('history.read', { id: 'other', snapshot: snapshots[0]?.id ?? 0 });
    expect(failed.code).toBe('TEMPLATE_NOT_FOUND');
  });

  it('does not keep a person from saving when it cannot be written, but from removing', async () => {
    const db = openDatabase(join(world.outside, 'influxion.db'), { logger: silentLogger });
    db.exec('DROP TABLE template_snapshots');
    db.close();
    await type('v1');
    expect(world.log.some(({ level }) => level === 'warn')).toBe(true);
    await expect(world.call('templates.remove_file', { id, path: 'samples/a.json' })).rejects.toThrow();
    const { files } = await world.call('templates.open', { id });
    expect(files.map(({ path: file }) => file)).toContain('samples/a.json');
  });
});

describe('changes by other programs', () => {
  const outside = (text: string): Promise<void> => writeFile(join(world.folder, id, path), text);

  it('are kept as soon as they are noticed', async () => {
    const heard = world.hears(id);
    await outside('theirs');
    await heard;
    expect(await history()).toEqual(['v0']);
  });

  it('are kept when the template is looked at before anybody was told', async () => {
    await outside('theirs');
    await world.call('templates.open', { id });
    expect(await history()).toEqual(['v0']);
  });

  it('lose nothing although the person goes on within the minute', async () => {
    await type('mine');
    await outside('theirs');
    const { files } = await world.call('templates.open', { id });
    base = files.find((file) => file.path === path)?.revision ?? '';
    await type('mine again');
    expect(await history()).toEqual(['theirs', 'mine', 'v0']);
  });

  it('keep everything when the folder is deleted', async () => {
    const heard = world.hears(id);
    await rm(join(world.folder, id), { recursive: true });
    await heard;
    expect((await history(id, null)).sort()).toEqual(['v0', '{}']);
  });
});

describe('the bounds of the history', () => {
  const bounds = { perFile: 3, ageMs: 1_000_000, bytes: 5_000 };
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  const open = () => {
    const db = openDatabase(join(temporaryFolder(), 'influxion.db'), { logger: silentLogger });
    return { db, kept: new TemplateHistory({ db, clock, bounds }) };
  };
  const keep = async (kept: TemplateHistory, file: string, bytes: Uint8Array, revision: string) => {
    now += MINUTE_MS;
    await kept.keep({ templateId: 't', path: file, bytes, revision, after: 'x', author: 'studio' });
  };

  it('are a number for each file', async () => {
    const { db, kept } = open();
    for (const n of [1, 2, 3, 4, 5]) await keep(kept, 'a', Buffer.from(String(n)), String(n));
    await keep(kept, 'b', Buffer.from('b'), 'b');
    expect(kept.list('t', 'a').map(({ revision }) => revision)).toEqual(['5', '4', '3']);
    expect(kept.list('t', 'b')).toHaveLength(1);
    db.close();
  });

  it('are bytes for all, taken from the oldest of any file', async () => {
    const { db, kept } = open();
    for (const file of ['a', 'b', 'c']) await keep(kept, file, randomBytes(2_000), file);
    expect(kept.list('t').map(({ path: file }) => file)).toEqual(['c', 'b']);
    db.close();
  });

  it('are an age', async () => {
    const { db, kept } = open();
    await keep(kept, 'a', Buffer.from('a'), 'a');
    now += 1_000_001;
    await kept.removeOld();
    expect(kept.list('t')).toEqual([]);
    db.close();
  });

  it('leave out what is too large to be edited', async () => {
    const { db, kept } = open();
    await keep(kept, 'a', Buffer.alloc(8_000_001), 'a');
    expect(kept.list('t')).toEqual([]);
    db.close();
  });
});
