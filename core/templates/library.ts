import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateDetail, TemplateManifest, TemplateSummary } from '../../contract/template.ts';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import { AssetCache } from './library/asset-cache.ts';
import { ASSET_FILE, MAX_SAMPLE_BYTES, PARTIAL_FILE, SAMPLE_FILE } from './library/file-kinds.ts';
import { decodeText, LibraryFolder, tooLarge, type FoundFile } from './library/library-folder.ts';
import { MAX_UNPACKED_BYTES, packTemplate, unpackTemplate } from './library/library-zip.ts';
import { MANIFEST_FILE, parseManifest } from './library/manifest.ts';
import {
  installTemplate,
  readShippedFiles,
  removeTemplate,
  sweepLeftovers,
  templateExists,
  type NewFile,
} from './library/template-install.ts';
import { CSS_FILE, HTML_FILE, MAX_TEXT_BYTES, TemplateLoader } from './library/template-loader.ts';
import { isTemplateId, safeSegments, templateNotFound, toTemplateId } from './library/template-names.ts';
import { didYouMean } from './nearest-name.ts';
import type { EditableLibrary, LoadedTemplate } from './template.ts';

export interface TemplateLibraryOptions {
  readonly folder: string;
  readonly logger: Logger;
  /** Bytes of images and fonts, and of template texts, kept in memory. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 32_000_000;

export function createTemplateLibrary(options: TemplateLibraryOptions): EditableLibrary {
  return new FolderLibrary(options);
}

class FolderLibrary implements EditableLibrary {
  readonly #logger: Logger;
  readonly #folder: LibraryFolder;
  readonly #loader: TemplateLoader;

  constructor({ folder, logger, cacheBytes = DEFAULT_CACHE_BYTES }: TemplateLibraryOptions) {
    this.#logger = logger;
    this.#folder = new LibraryFolder(folder);
    this.#loader = new TemplateLoader(this.#folder, new AssetCache(this.#folder, cacheBytes), cacheBytes);
  }

  async list(): Promise<TemplateSummary[]> {
    const summaries: TemplateSummary[] = [];
    for (const name of await this.#folder.names()) {
      const files = await this.#folder.files([name]);
      // A folder of loose HTML files is a place for `filename`, not a broken template.
      if (!files.some(({ path }) => path === HTML_FILE || path === MANIFEST_FILE)) continue;
      summaries.push((await this.#inspect(name, files)).summary);
    }
    return summaries;
  }

  async summarize(id: string): Promise<TemplateSummary> {
    return (await this.#inspect(id, await this.#folder.files([id]))).summary;
  }

  async describe(id: string): Promise<TemplateDetail> {
    await this.#require(id);
    const files = await this.#folder.files([id]);
    const { summary, manifest } = await this.#inspect(id, files);
    const partials = files.flatMap(({ path }) => PARTIAL_FILE.exec(path)?.[1] ?? []);
    return {
      ...summary,
      html: await this.#text([id, HTML_FILE]),
      css: await this.#text([id, CSS_FILE]),
      options: manifest.options ?? {},
      partials,
      assets: files.filter(({ path }) => ASSET_FILE.test(path)).map(({ path, size }) => ({ path, size })),
    };
  }

  async load(id: string): Promise<LoadedTemplate> {
    const loaded = isTemplateId(id) ? await this.#loader.load(id, [id], HTML_FILE) : undefined;
    return loaded ?? this.#notFound(id);
  }

  async loadFile(filename: string): Promise<LoadedTemplate> {
    const segments = safeSegments(filename);
    const file = segments?.at(-1);
    const loaded =
      segments && file !== undefined && /\.(?:html?|hbs|handlebars)$/i.test(file)
        ? await this.#loader.load(undefined, segments.slice(0, -1), file)
        : undefined;
    return (
      loaded ??
      this.#fileNotFound(filename, 'template file', 'It must be an HTML file in the templates folder.')
    );
  }

  async readCss(id: string): Promise<string> {
    const { css } = await this.load(id);
    if (css !== undefined) return css;
    throw templateNotFound(`style sheet in the template "${id}"`, `Add the file ${CSS_FILE}.`);
  }

  async readCssFile(filename: string): Promise<string> {
    const segments = safeSegments(filename);
    const found =
      segments && /\.css$/i.test(filename) ? await this.#folder.read(segments, MAX_TEXT_BYTES) : undefined;
    if (found) return decodeText(found.bytes, filename);
    return this.#fileNotFound(filename, 'style sheet', 'It must be a .css file in the templates folder.');
  }

  async readSample(id: string, sample: string): Promise<string> {
    await this.#require(id);
    const file = `${sample}.json`;
    const isSafe = safeSegments(file)?.length === 1;
    const found = isSafe ? await this.#folder.read([id, 'samples', file], MAX_SAMPLE_BYTES) : undefined;
    if (found) return decodeText(found.bytes, file);
    const names = samplesOf(await this.#folder.files([id]));
    throw templateNotFound(`sample "${sample}" in the template "${id}"`, didYouMean(sample, names));
  }

  async importZip(
    zip: Uint8Array,
    {
      name,
      replace = false,
      beforeReplace,
    }: {
      readonly name?: string;
      readonly replace?: boolean;
      readonly beforeReplace?: (id: string) => Promise<void>;
    },
  ): Promise<string> {
    const { folderName, files } = await unpackTemplate(zip);
    const id = idFor(name, folderName);
    const isTaken = (await this.#folder.resolve([id])) !== undefined;
    if (isTaken && !replace) throw templateExists(id);
    const manifest = files.get(MANIFEST_FILE);
    parseManifest(manifest && decodeText(manifest, MANIFEST_FILE));
    for (const [path, bytes] of files) if (isSource(path)) checkText(path, bytes);
    const entries = [...files].map(([path, bytes]): NewFile => ({ path, bytes }));
    if (isTaken) await beforeReplace?.(id);
    await installTemplate(this.#folder.path, id, entries, replace);
    return id;
  }

  async exportZip(id: string): Promise<Uint8Array> {
    await this.#require(id);
    const files = await this.#folder.files([id]);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_UNPACKED_BYTES) throw tooLarge(id, MAX_UNPACKED_BYTES);
    const entries = [];
    for (const { path, modified } of files) {
      const file = await this.#folder.read([id, ...path.split('/')], MAX_UNPACKED_BYTES);
      if (file) entries.push({ path, bytes: file.bytes, modified });
    }
    return packTemplate(id, entries);
  }

  async remove(id: string): Promise<void> {
    if (!isTemplateId(id) || !(await removeTemplate(this.#folder.path, id))) await this.#notFound(id);
  }

  async seed(samplesFolder: string): Promise<string[]> {
    await mkdir(this.#folder.path, { recursive: true });
    await sweepLeftovers(this.#folder.path);
    if ((await readdir(this.#folder.path)).length > 0) return [];
    const ids: string[] = [];
    for (const entry of await readdir(samplesFolder, { withFileTypes: true })) {
      if (!entry.isDirectory() || !isTemplateId(entry.name)) continue;
      const files: NewFile[] = [];
      for await (const file of readShippedFiles(join(samplesFolder, entry.name))) files.push(file);
      await installTemplate(this.#folder.path, entry.name, files, false);
      ids.push(entry.name);
    }
    this.#logger.info({ templates: ids }, 'The sample templates were copied into the library');
    return ids.sort();
  }

  async #inspect(
    id: string,
    files: readonly FoundFile[],
  ): Promise<{ summary: TemplateSummary; manifest: TemplateManifest }> {
    let manifest: TemplateManifest = {};
    let problem: string | null = null;
    try {
      if (!isTemplateId(id)) throw badName(id);
      if (!files.some(({ path }) => path === HTML_FILE)) throw invalid(`It has no ${HTML_FILE}.`);
      const found = await this.#folder.read([id, MANIFEST_FILE], MAX_TEXT_BYTES);
      manifest = parseManifest(found && decodeText(found.bytes, MANIFEST_FILE));
      await this.load(id);
    } catch (error) {
      if (!InfluxionError.is(error)) throw error;
      problem = error.message;
    }
    const modified = files.reduce((newest, file) => Math.max(newest, file.modified), 0);
    const summary = {
      id,
      name: manifest.name ?? id,
      description: manifest.description ?? '',
      samples: samplesOf(files),
      updated_at: new Date(modified).toISOString(),
      problem,
    };
    return { summary, manifest };
  }

  async #text(segments: readonly string[]): Promise<string> {
    const file = await this.#folder.read(segments, MAX_TEXT_BYTES);
    return file ? decodeText(file.bytes, segments.at(-1) ?? '') : '';
  }

  async #require(id: string): Promise<void> {
    if (!isTemplateId(id) || (await this.#folder.resolve([id, HTML_FILE])) === undefined)
      await this.#notFound(id);
  }

  async #notFound(id: string): Promise<never> {
    throw templateNotFound(`template "${id}" in the library`, didYouMean(id, await this.#folder.names()));
  }

  async #fileNotFound(filename: string, what: string, otherwise: string): Promise<never> {
    const [first] = safeSegments(filename) ?? [];
    const isFolder = first !== undefined && (await this.#folder.resolve([first])) !== undefined;
    const near = isFolder
      ? didYouMean(
          filename,
          (await this.#folder.files([first])).map(({ path }) => `${first}/${path}`),
        )
      : undefined;
    throw templateNotFound(`${what} "${filename}"`, near ?? otherwise);
  }
}

function samplesOf(files: readonly FoundFile[]): string[] {
  return files.flatMap(({ path }) => SAMPLE_FILE.exec(path)?.[1] ?? []);
}

function idFor(name: string | undefined, folderName: string | undefined): string {
  if (name !== undefined) {
    if (isTemplateId(name)) return name;
    throw badName(name);
  }
  const id = folderName === undefined ? undefined : toTemplateId(folderName);
  if (id !== undefined) return id;
  throw invalid('The template needs a name, because the zip does not have one.');
}

function badName(name: string): InfluxionError {
  const better = toTemplateId(name);
  return new InfluxionError(
    'TEMPLATE_INVALID',
    `"${name}" cannot name a template: small letters, digits, "-" and "_" can.`,
    better === undefined ? {} : { hint: `How about "${better}"?` },
  );
}

const invalid = (message: string): InfluxionError => new InfluxionError('TEMPLATE_INVALID', message);

const isSource = (path: string): boolean =>
  path === HTML_FILE || path === CSS_FILE || PARTIAL_FILE.test(path);

function checkText(path: string, bytes: Buffer): void {
  if (bytes.length > MAX_TEXT_BYTES) throw tooLarge(path, MAX_TEXT_BYTES);
  decodeText(bytes, path);
}
