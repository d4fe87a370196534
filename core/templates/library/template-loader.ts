/** Loads templates and keeps them as long as none of their files changes. */
import type { LoadedTemplate } from '../template.ts';
import type { AssetCache } from './asset-cache.ts';
import {
  decodeText,
  fingerprintOf,
  isSame,
  type Fingerprint,
  type LibraryFile,
  type LibraryFolder,
} from './library-folder.ts';
import { documentPartOf, MANIFEST_FILE, parseManifest } from './manifest.ts';
import { safeSegments } from './template-names.ts';

export const HTML_FILE = 'template.html';
export const CSS_FILE = 'style.css';
const PARTIAL_FILE = /^(.+)\.(?:hbs|handlebars|html)$/;

export const MAX_TEXT_BYTES = 16_000_000;

interface Kept {
  readonly template: LoadedTemplate;
  /** The folders (a new or deleted file changes theirs) and the files that it was made from. */
  readonly watched: ReadonlyMap<string, Fingerprint | undefined>;
  readonly isFresh: boolean;
  readonly bytes: number;
}

export class TemplateLoader {
  readonly #folder: LibraryFolder;
  readonly #assets: AssetCache;
  readonly #maxBytes: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(folder: LibraryFolder, assets: AssetCache, maxBytes: number) {
    this.#folder = folder;
    this.#assets = assets;
    this.#maxBytes = maxBytes;
  }

  /** The template whose HTML is `file` in the folder `base`; undefined when there is none. */
  async load(
    id: string | undefined,
    base: readonly string[],
    file: string,
  ): Promise<LoadedTemplate | undefined> {
    const key = `${id ?? ''}:${[...base, file].join('/')}`;
    const kept = this.#kept.get(key);
    if (kept) {
      this.#drop(key, kept);
      if (!kept.isFresh && (await isUnchanged(kept))) {
        this.#keep(key, kept);
        return kept.template;
      }
    }
    const loaded = await this.#read(id, base, file);
    if (loaded) this.#keep(key, loaded);
    return loaded?.template;
  }

  async #read(id: string | undefined, base: readonly string[], file: string): Promise<Kept | undefined> {
    const folderPath = await this.#folder.resolve(base);
    if (folderPath === undefined) return undefined;
    const watched = new Map<string, Fingerprint | undefined>();
    // Taken before the reading, so that a change in between is seen the next time.
    watched.set(folderPath, await fingerprintOf(folderPath));
    const partialsPath = await this.#folder.resolve([...base, 'partials']);
    if (partialsPath !== undefined) watched.set(partialsPath, await fingerprintOf(partialsPath));

    const files: LibraryFile[] = [];
    const read = async (...segments: string[]): Promise<string | undefined> => {
      const found = await this.#folder.read([...base, ...segments], MAX_TEXT_BYTES);
      if (!found) return undefined;
      files.push(found);
      watched.set(found.realPath, found.fingerprint);
      return decodeText(found.bytes, segments.join('/'));
    };
    const html = await read(file);
    if (html === undefined) return undefined;
    const [css, manifest] = await Promise.all([read(CSS_FILE), read(MANIFEST_FILE)]);
    const partials = Object.create(null) as Record<string, string>;
    for (const { path } of await this.#folder.files([...base, 'partials'])) {
      const name = PARTIAL_FILE.exec(path)?.[1];
      const segments = safeSegments(path);
      if (name === undefined || !segments) continue;
      const text = await read('partials', ...segments);
      if (text !== undefined) partials[name] = text;
      // A folder inside of partials/ has a time of change of its own.
      const parent = await this.#folder.resolve([...base, 'partials', ...segments.slice(0, -1)]);
      if (parent !== undefined && !watched.has(parent)) watched.set(parent, await fingerprintOf(parent));
    }
    const { options = {}, ...defaults } = documentPartOf(parseManifest(manifest));
    return {
      template: {
        id,
        html,
        css,
        partials,
        options,
        defaults,
        assets: this.#assets.source(base),
        assetPaths: () => this.#assets.paths(base),
      },
      watched,
      isFresh: files.some((one) => one.isFresh),
      bytes: files.reduce((sum, one) => sum + one.bytes.length, 0),
    };
  }

  #keep(key: string, kept: Kept): void {
    const other = this.#kept.get(key);
    if (other) this.#drop(key, other);
    if (kept.bytes > this.#maxBytes) return;
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
    for (const [oldest, old] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, old);
    }
  }

  #drop(key: string, kept: Kept): void {
    if (this.#kept.delete(key)) this.#bytes -= kept.bytes;
  }
}

async function isUnchanged({ watched }: Kept): Promise<boolean> {
  const checks = await Promise.all(
    [...watched].map(async ([path, fingerprint]) => isSame(await fingerprintOf(path), fingerprint)),
  );
  return checks.every(Boolean);
}
