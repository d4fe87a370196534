/** Notices what other programs do to the library folder. */
import { realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { Logger } from '../../ports.ts';

export interface LibraryWatchOptions {
  readonly folder: string;
  readonly logger: Logger;
  /** Called with the templates (names of folders) in which something may have changed; empty: only the list may have. */
  readonly onChange: (names: readonly string[]) => void;
  /** Milliseconds between two looks at whether the library folder is still the same one. Default 2000. */
  readonly folderCheckMs?: number;
}

export interface LibraryWatch {
  /** Resolves once changes from now on are noticed. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Programs write a file in several steps. */
const QUIET_MS = 80;
/** A change is told after this long even while others go on. */
const LONGEST_MS = 400;
const DEPTH = 9;
const FOLDER_CHECK_MS = 2_000;

export function watchLibrary(options: LibraryWatchOptions): LibraryWatch {
  return new FolderWatch(options);
}

class FolderWatch implements LibraryWatch {
  readonly #options: LibraryWatchOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #names = new Set<string>();
  #watcher: FSWatcher | undefined;
  /** Where the folder really lies: symbolic links are not followed, and it may be one itself. */
  #root = '';
  #identity: string | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #firstAt = 0;
  readonly #closed = Promise.withResolvers<undefined>();
  #isClosed = false;
  #hasWarned = false;
  #checking: Promise<void>;
  readonly ready: Promise<void>;

  constructor(options: LibraryWatchOptions) {
    this.#options = options;
    this.ready = this.#start();
    this.#checking = this.ready;
    this.#timer = setInterval(() => {
      this.#checking = this.#checking.then(() => this.#checkFolder());
    }, options.folderCheckMs ?? FOLDER_CHECK_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closed.resolve(undefined);
    clearInterval(this.#timer);
    clearTimeout(this.#quiet);
    await this.#checking;
    await this.#watcher?.close();
  }

  async #start(): Promise<void> {
    this.#identity = await identityOf(this.#options.folder);
    const root = await realpath(this.#options.folder).catch(() => undefined);
    if (this.#identity === undefined || root === undefined || this.#isClosed) return;
    this.#root = root;
    const watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      depth: DEPTH,
      ignored: (path) => this.#segments(path).some((name) => name.startsWith('.')),
    });
    this.#watcher = watcher;
    watcher.on('all', (_event, path) => this.#noticed(this.#segments(path)[0]));
    watcher.on('error', (error) => this.#warn(error));
    const { promise, resolve } = Promise.withResolvers<undefined>();
    watcher.once('ready', () => resolve(undefined));
    await Promise.race([promise, this.#closed.promise]);
  }

  /** A folder that was deleted, or another one in its place, is not told by the system. */
  async #checkFolder(): Promise<void> {
    if (this.#isClosed || (await identityOf(this.#options.folder)) === this.#identity) return;
    await this.#watcher?.close();
    this.#watcher = undefined;
    await this.#start();
    this.#noticed(undefined);
  }

  #segments(path: string): string[] {
    return relative(this.#root, path).split(sep).filter(Boolean);
  }

  #noticed(name: string | undefined): void {
    if (this.#isClosed) return;
    const now = performance.now();
    if (this.#quiet === undefined) this.#firstAt = now;
    clearTimeout(this.#quiet);
    if (name !== undefined) this.#names.add(name);
    const wait = Math.max(0, Math.min(QUIET_MS, this.#firstAt + LONGEST_MS - now));
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      const names = [...this.#names];
      this.#names.clear();
      this.#options.onChange(names);
    }, wait);
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.logger.warn({ err: error }, 'Changes of templates by other programs may go unnoticed');
  }
}

/** Undefined when there is no such folder. */
async function identityOf(folder: string): Promise<string | undefined> {
  const facts = await stat(folder).catch(() => undefined);
  return facts?.isDirectory() === true
    ? `${String(facts.dev)}:${String(facts.ino)}:${String(facts.birthtimeMs)}`
    : undefined;
}
