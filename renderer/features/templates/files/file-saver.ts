/**
 * Saves one text as it is typed. What was typed is held until the host has it: a save that fails is tried again, and a
 * file that someone else changed meanwhile is never overwritten unseen.
 */

/** The file as it is on the disk. */
export interface DiskText {
  readonly text: string;
  readonly revision: string;
}

export type SaveState =
  | { readonly kind: 'saved' }
  /** Typed, not sent yet. */
  | { readonly kind: 'edited' }
  | { readonly kind: 'saving' }
  /** Kept here and tried again by itself. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** Someone else changed the file (`theirs`), or deleted it (null). */
  | { readonly kind: 'conflict'; readonly theirs: DiskText | null };

export interface FileSaverDeps {
  /** Returns the new revision. `base` null makes a new file. */
  readonly write: (text: string, base: string | null) => Promise<string>;
  /** Null when it is not there any more. */
  readonly readDisk: () => Promise<DiskText | null>;
  readonly isConflict: (error: Error) => boolean;
  readonly onState: (state: SaveState) => void;
  /** The text is now another one than the last that was typed. */
  readonly onText: (text: string) => void;
  /** Keeps what is not saved through a crash. */
  readonly draft: { keep: (text: string, base: string | null) => void; drop: () => void };
}

export interface FileSaver {
  readonly text: string;
  readonly state: SaveState;
  /** Grows with everything that happens here: what was read before is then older than what is held. */
  readonly version: number;
  /** A new text of the person; it is saved when typing pauses. */
  edit: (text: string) => void;
  /** Saves now. Resolves when that succeeded or failed; never rejects. */
  flush: () => Promise<void>;
  /** The disk has changed. Without unsaved edits the new text is taken. */
  adopt: (disk: DiskText) => void;
  /** Answers to a conflict. */
  keepMine: () => Promise<void>;
  takeTheirs: () => void;
  /** Stops timers; what is unsaved stays a draft. */
  dispose: () => void;
}

/** Long enough not to write at every key, short enough that nobody waits for it. */
export const SAVE_AFTER_MS = 400;
const RETRY_FIRST_MS = 2000;
const RETRY_MAX_MS = 30_000;

export function createFileSaver(
  start: { text: string; revision: string | null },
  deps: FileSaverDeps,
): FileSaver {
  let text = start.text;
  let saved: string | null = start.revision === null ? null : start.text;
  let base = start.revision;
  let state: SaveState = { kind: 'saved' };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let retryMs = RETRY_FIRST_MS;
  let disposed = false;
  let version = 0;

  const become = (next: SaveState): void => {
    state = next;
    if (!disposed) deps.onState(next);
  };
  const schedule = (ms: number): void => {
    clearTimeout(timer);
    if (!disposed) timer = setTimeout(() => void flush(), ms);
  };
  const settle = (disk: DiskText): void => {
    version++;
    saved = disk.text;
    base = disk.revision;
    retryMs = RETRY_FIRST_MS;
    if (text === disk.text) deps.draft.drop();
  };

  const refused = async (error: Error): Promise<void> => {
    deps.draft.keep(text, base);
    let known = error;
    if (deps.isConflict(error)) {
      try {
        const theirs = await deps.readDisk();
        // Another window wrote the same, or the answer to our own write was lost.
        if (theirs?.text === text) {
          settle(theirs);
          become({ kind: 'saved' });
          return;
        }
        become({ kind: 'conflict', theirs });
        return;
      } catch (reading) {
        known = reading instanceof Error ? reading : error;
      }
    }
    become({ kind: 'failed', error: known });
    schedule(retryMs);
    retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
  };

  const saveAll = async (): Promise<void> => {
    while (text !== saved) {
      const sent = text;
      become({ kind: 'saving' });
      try {
        settle({ text: sent, revision: await deps.write(sent, base) });
      } catch (error) {
        return refused(error instanceof Error ? error : new Error(String(error)));
      }
    }
    become({ kind: 'saved' });
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    if (state.kind === 'conflict' || text === saved) return running ?? Promise.resolve();
    running ??= saveAll().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    get text() {
      return text;
    },
    get state() {
      return state;
    },
    get version() {
      return version;
    },
    edit(next) {
      if (next === text) return;
      version++;
      text = next;
      if (text === saved && running === undefined && state.kind !== 'conflict') {
        clearTimeout(timer);
        deps.draft.drop();
        become({ kind: 'saved' });
        return;
      }
      deps.draft.keep(text, base);
      if (state.kind === 'conflict' || running !== undefined) return;
      if (state.kind !== 'failed') {
        become({ kind: 'edited' });
        schedule(SAVE_AFTER_MS);
      }
    },
    flush,
    adopt(disk) {
      if (running !== undefined || disk.revision === base) return;
      if (disk.text === text) {
        settle(disk);
        clearTimeout(timer);
        become({ kind: 'saved' });
      } else if (text === saved) {
        text = disk.text;
        settle(disk);
        deps.onText(text);
      } else if (state.kind === 'conflict') become({ kind: 'conflict', theirs: disk });
    },
    keepMine() {
      if (state.kind !== 'conflict') return Promise.resolve();
      base = state.theirs?.revision ?? null;
      saved = state.theirs?.text ?? null;
      become({ kind: 'edited' });
      return flush();
    },
    takeTheirs() {
      if (state.kind !== 'conflict' || state.theirs === null) return;
      text = state.theirs.text;
      settle(state.theirs);
      become({ kind: 'saved' });
      deps.onText(text);
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
