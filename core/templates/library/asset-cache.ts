import type { Asset, AssetSource } from '../../pdf/engine.ts';
import { MAX_ASSET_BYTES } from './file-kinds.ts';
import { fingerprintOf, isSame, type LibraryFile, type LibraryFolder } from './library-folder.ts';
import { isPageFile, mimeTypeOf } from './mime-types.ts';
import { safeSegments } from './template-names.ts';

const ASSET_FOLDERS = new Set(['assets', 'fonts']);

/** The images and fonts of the library, kept in memory as long as their files do not change. */
export class AssetCache {
  readonly #folder: LibraryFolder;
  readonly #maxBytes: number;
  /** The least recently used first. */
  readonly #files = new Map<string, LibraryFile>();
  #bytes = 0;

  constructor(folder: LibraryFolder, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /**
   * What a page of the template in `base` may name: files in `assets/` and `fonts/`, and images, fonts and style sheets
   * that lie beside the template. Sample data, the manifest and the sources are not for the page.
   */
  source(base: readonly string[]): AssetSource {
    return async (path) => {
      const segments = safeSegments(path);
      if (!segments || !isAssetPath(path)) return undefined;
      return this.#asset([...base, ...segments]);
    };
  }

  /** What `source` of the same folder gives. */
  async paths(base: readonly string[]): Promise<string[]> {
    const files = await this.#folder.files(base);
    return files.map(({ path }) => path).filter(isAssetPath);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async #asset(segments: readonly string[]): Promise<Asset | undefined> {
    const key = segments.join('/');
    const known = this.#files.get(key);
    if (known) {
      this.#forget(key, known);
      if (!known.isFresh && isSame(await fingerprintOf(known.realPath), known.fingerprint)) {
        this.#keep(key, known);
        return toAsset(key, known);
      }
    }
    const file = await this.#folder.read(segments, MAX_ASSET_BYTES);
    if (!file) return undefined;
    this.#keep(key, file);
    return toAsset(key, file);
  }

  #keep(key: string, file: LibraryFile): void {
    const other = this.#files.get(key);
    if (other) this.#forget(key, other);
    if (file.bytes.length > this.#maxBytes) return;
    this.#files.set(key, file);
    this.#bytes += file.bytes.length;
    for (const [oldest, old] of this.#files) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#forget(oldest, old);
    }
  }

  #forget(key: string, file: LibraryFile): void {
    if (this.#files.delete(key)) this.#bytes -= file.bytes.length;
  }
}

function isAssetPath(path: string): boolean {
  const slash = path.indexOf('/');
  return slash < 0 ? isPageFile(path) : ASSET_FOLDERS.has(path.slice(0, slash));
}

const toAsset = (path: string, { bytes }: LibraryFile): Asset => ({ bytes, mimeType: mimeTypeOf(path) });
