/** Saving as it is typed: every way in which an edit could be lost or overwrite another one. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDrafts } from '../../renderer/features/templates/files/drafts.ts';
import {
  createFileSaver,
  SAVE_AFTER_MS,
  type FileSaver,
  type SaveState,
} from '../../renderer/features/templates/files/file-saver.ts';

class Conflict extends Error {}

/** A file with revisions, as the library keeps it. */
function openDisk(text: string) {
  const disk = {
    text: text as string | null,
    version: 1,
    failure: undefined as Error | undefined,
    /** Writes wait for it. */
    gate: Promise.resolve(),
    writes: [] as string[],
    change(next: string | null): void {
      disk.text = next;
      disk.version++;
    },
    now: () => (disk.text === null ? null : { text: disk.text, revision: String(disk.version) }),
    async write(next: string, base: string | null): Promise<string> {
      await disk.gate;
      if (disk.failure) throw disk.failure;
      if ((disk.text === null ? null : String(disk.version)) !== base) throw new Conflict('changed');
      disk.change(next);
      disk.writes.push(next);
      return String(disk.version);
    },
  };
  return disk;
}

describe('a file that is edited', () => {
  let disk: ReturnType<typeof openDisk>;
  let saver: FileSaver;
  let states: SaveState['kind'][];
  let shown: string[];
  let draft: string | undefined;

  beforeEach(() => {
    vi.useFakeTimers();
    disk = openDisk('one');
    states = [];
    shown = [];
    draft = undefined;
    saver = createFileSaver(
      { text: 'one', revision: '1' },
      {
        write: (text, base) => disk.write(text, base),
        readDisk: () => Promise.resolve(disk.now()),
        isConflict: (error) => error instanceof Conflict,
        onState: ({ kind }) => states.push(kind),
        onText: (text) => shown.push(text),
        draft: { keep: (text) => (draft = text), drop: () => (draft = undefined) },
      },
    );
  });
  afterEach(() => {
    saver.dispose();
    vi.useRealTimers();
  });
  const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);

  it('is written once when typing pauses', async () => {
    saver.edit('one t');
    saver.edit('one tw');
    saver.edit('one two');
    expect(draft).toBe('one two');
    await pause();
    expect(disk.writes).toEqual(['one two']);
    expect(states).toEqual(['edited', 'edited', 'edited', 'saving', 'saved']);
    expect(draft).toBeUndefined();
  });

  it('is written again when it was typed on while it was written', async () => {
    let open = (): void => undefined;
    disk.gate = new Promise((resolve) => (open = resolve));
    saver.edit('two');
    await pause();
    saver.edit('three');
    open();
    await saver.flush();
    expect(disk.writes).toEqual(['two', 'three']);
    expect(saver.state.kind).toBe('saved');
    expect(draft).toBeUndefined();
  });

  it('keeps what could not be saved and tries again by itself', async () => {
    disk.failure = new Error('The disk is full.');
    saver.edit('two');
    await pause();
    expect(saver.state).toEqual({ kind: 'failed', error: disk.failure });
    saver.edit('three');
    expect(draft).toBe('three');
    disk.failure = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(disk.text).toBe('three');
    expect(saver.state.kind).toBe('saved');
    expect(draft).toBeUndefined();
  });

  it('never overwrites what someone else wrote meanwhile', async () => {
    disk.change('theirs');
    saver.edit('mine');
    await pause();
    expect(saver.state).toEqual({ kind: 'conflict', theirs: { text: 'theirs', revision: '2' } });
    saver.edit('mine still');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(disk.text).toBe('theirs');
    expect(draft).toBe('mine still');
  });

  it('writes over a conflict when told to, and gives way when told to', async () => {
    disk.change('theirs');
    saver.edit('mine');
    await pause();
    await saver.keepMine();
    expect(disk.text).toBe('mine');
    disk.change('theirs again');
    saver.edit('mine again');
    await pause();
    saver.takeTheirs();
    expect(saver.text).toBe('theirs again');
    expect(shown).toEqual(['theirs again']);
    expect(draft).toBeUndefined();
    saver.edit('after');
    await pause();
    expect(disk.text).toBe('after');
  });

  it('is no conflict when both wrote the same, as when the answer to a write was lost', async () => {
    disk.change('same');
    saver.edit('same');
    await pause();
    expect(saver.state.kind).toBe('saved');
    saver.edit('more');
    await pause();
    expect(disk.text).toBe('more');
  });

  it('comes back when its file was deleted under the editor', async () => {
    disk.change(null);
    saver.edit('mine');
    await pause();
    expect(saver.state).toEqual({ kind: 'conflict', theirs: null });
    await saver.keepMine();
    expect(disk.text).toBe('mine');
  });

  it('takes a change from outside when nothing is unsaved, and only then', async () => {
    disk.change('outside');
    saver.adopt({ text: 'outside', revision: '2' });
    expect(shown).toEqual(['outside']);
    saver.edit('mine');
    disk.change('outside again');
    saver.adopt({ text: 'outside again', revision: '3' });
    expect(shown).toEqual(['outside']);
    expect(saver.text).toBe('mine');
    await pause();
    expect(saver.state.kind).toBe('conflict');
  });

  it('writes nothing when an edit was undone before it was saved', async () => {
    saver.edit('two');
    saver.edit('one');
    await pause();
    expect(disk.writes).toEqual([]);
    expect(saver.state.kind).toBe('saved');
  });
});

describe('drafts', () => {
  const storage = (limit = Infinity): Storage => {
    const items = new Map<string, string>();
    return {
      get length() {
        return items.size;
      },
      key: (index) => [...items.keys()][index] ?? null,
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => {
        if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
        items.set(key, value);
      },
      removeItem: (key) => void items.delete(key),
      clear: () => items.clear(),
    };
  };

  it('are found by their template and gone when dropped', () => {
    const drafts = createDrafts(storage());
    drafts.keep('a', { path: 'template.html', text: 'x', base: '1' });
    drafts.keep('ab', { path: 'template.html', text: 'y', base: null });
    expect(drafts.of('a')).toEqual([{ path: 'template.html', text: 'x', base: '1' }]);
    drafts.drop('a', 'template.html');
    expect(drafts.of('a')).toEqual([]);
  });

  it('never bring an older text back when there is no room for the last one', () => {
    const drafts = createDrafts(storage(100));
    drafts.keep('a', { path: 'p', text: 'old', base: '1' });
    drafts.keep('a', { path: 'p', text: 'n'.repeat(200), base: '1' });
    expect(drafts.of('a')).toEqual([]);
  });

  it('pass over what is not theirs or broken', () => {
    const store = storage();
    store.setItem('influxion.draft/a/p', '{"text":1}');
    store.setItem('influxion.draft/a/q', 'not json');
    expect(createDrafts(store).of('a')).toEqual([]);
  });
});
