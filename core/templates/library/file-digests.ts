import {
  fingerprintOf,
  isSame,
  type DigestedFile,
  type Fingerprint,
  type LibraryFolder,
} from './library-folder.ts';

/** Files of a few large libraries. */
const MOST_KEPT = 10_000;

/** The SHA-256 of files that nobody edits here, taken once as long as they do not change. */
export class FileDigests {
  readonly #folder: LibraryFolder;
  /** By real path, the oldest first. */
  readonly #kept = new Map<string, { readonly sha256: string; readonly fingerprint: Fingerprint }>();

  constructor(folder: LibraryFolder) {
    this.#folder = folder;
  }

  /** Undefined when there is no such file. */
  async of(segments: readonly string[]): Promise<string | undefined> {
    const realPath = await this.#folder.resolve(segments);
    if (realPath === undefined) return undefined;
    const kept = this.#kept.get(realPath);
    if (kept && isSame(await fingerprintOf(realPath), kept.fingerprint)) return kept.sha256;
    this.#kept.delete(realPath);
    const found = await this.#folder.digest(segments);
    if (found && !found.isFresh) this.#keep(found);
    return found?.sha256;
  }

  #keep({ realPath, sha256, fingerprint }: DigestedFile): void {
    this.#kept.set(realPath, { sha256, fingerprint });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
