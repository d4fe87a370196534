/** What the studios have been told of the library, so that nobody hears of the same change twice. */
import type { LibraryFolder } from '../templates/library/library-folder.ts';
import type { StudioEventHub } from './event-hub.ts';

export class TemplateNews {
  readonly #folder: LibraryFolder;
  readonly #events: StudioEventHub;
  /** Sizes and times of the files by path, by template. */
  readonly #told = new Map<string, ReadonlyMap<string, string>>();
  #toldNames: string | undefined;

  constructor(folder: LibraryFolder, events: StudioEventHub) {
    this.#folder = folder;
    this.#events = events;
  }

  /** Takes the list as it is for known. */
  async begin(): Promise<void> {
    this.#toldNames = await this.#names();
  }

  /** Somebody is about to see this template; an earlier one may still have to be told of a change since. */
  async see(id: string): Promise<void> {
    if (!this.#told.has(id)) await this.#learn(id);
  }

  /** Tells of a change that was made here. */
  async tell(id: string): Promise<void> {
    this.#events.emit({ type: 'templates.changed', id, paths: await this.#learn(id) });
  }

  /** Tells that templates came or went by what was done here. */
  async tellList(...ids: readonly string[]): Promise<void> {
    this.#toldNames = await this.#names();
    for (const id of ids) await this.#learn(id);
    this.#events.emit({ type: 'templates.changed', id: null, paths: [] });
  }

  /** Tells that templates came or went if that is news. */
  async look(): Promise<void> {
    const names = await this.#names();
    if (names === this.#toldNames) return;
    this.#toldNames = names;
    this.#events.emit({ type: 'templates.changed', id: null, paths: [] });
  }

  /** Does the work and tells of a change if there is one that nobody has been told of. */
  async lookAt(id: string, work: () => Promise<void>): Promise<void> {
    const paths = await this.#learn(id);
    if (paths.length === 0) return;
    await work();
    this.#events.emit({ type: 'templates.changed', id, paths });
  }

  /** Templates that were told of. */
  get known(): readonly string[] {
    return [...this.#told.keys()];
  }

  /** Paths of what is another than it was when it was last learnt. */
  async #learn(id: string): Promise<string[]> {
    const before = this.#told.get(id) ?? new Map<string, string>();
    const files = await this.#folder.files([id]);
    const now = new Map(files.map(({ path, size, modified }) => [path, `${size}:${modified}`]));
    if (now.size === 0) this.#told.delete(id);
    else this.#told.set(id, now);
    const paths = new Set([...before.keys(), ...now.keys()]);
    return [...paths].filter((path) => before.get(path) !== now.get(path));
  }

  async #names(): Promise<string> {
    return (await this.#folder.names().catch(() => [])).join('\n');
  }
}
