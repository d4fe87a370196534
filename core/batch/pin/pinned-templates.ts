/**
 * Templates as they were when a batch started, with what the batch asks for as their defaults. They are named by their
 * content, so equal ones are kept once, and nothing that changes in the library reaches a batch that runs.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateAttachment } from '../../../contract/document.ts';
import type { PreparedDocument } from '../../document/prepare-document.ts';
import type { Asset, AssetSource } from '../../pdf/engine.ts';
import { createFolderSync, diskCalls, temporaryName, writeDurably } from '../../store/durable-file.ts';
import type { LoadedTemplate, TemplateFinder } from '../../templates/template.ts';

/** What stands before the name of a pin, and in no id of the library. */
const MARK = '@';
const FACTS = 'template.json';

export interface PinnedTemplates {
  /** Durable when it resolves; the id by which a request names it. */
  pin(prepared: PreparedDocument, assetPaths: readonly string[]): Promise<string>;
  load(id: string): Promise<LoadedTemplate>;
  remove(id: string): Promise<void>;
}

interface PinnedFile {
  readonly path: string;
  readonly sha256: string;
  readonly mimeType: string;
}

interface PinnedFacts extends Omit<LoadedTemplate, 'assets' | 'assetPaths' | 'id'> {
  readonly id: string | null;
  readonly files: readonly PinnedFile[];
}

/** Templates of which the texts and files are kept in memory. */
const MAX_LOADED = 8;
const MAX_CACHED_BYTES = 64 * 1024 * 1024;

export function createPinnedTemplates(folder: string): PinnedTemplates {
  const loaded = new Map<string, Promise<LoadedTemplate>>();
  const folderOf = (id: string): string => join(folder, id.slice(MARK.length));

  async function read(id: string): Promise<LoadedTemplate> {
    const facts = JSON.parse(await readFile(join(folderOf(id), FACTS), 'utf8')) as PinnedFacts;
    const { files, id: name, ...template } = facts;
    return {
      ...template,
      id: name ?? undefined,
      assets: filesIn(folderOf(id), files),
      assetPaths: () => Promise.resolve(files.map(({ path }) => path)),
    };
  }

  return {
    async pin(prepared, assetPaths) {
      const contents = new Map<string, Uint8Array>();
      const files: PinnedFile[] = [];
      const add = (path: string, { bytes, mimeType }: Asset): void => {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        contents.set(sha256, bytes);
        files.push({ path, sha256, mimeType });
      };
      for (const path of [...new Set(assetPaths)].sort()) {
        const asset = await prepared.assets(path);
        if (asset !== undefined) add(path, asset);
      }
      const facts: PinnedFacts = { ...templateOf(prepared, add), files };
      const json = JSON.stringify(facts);
      const id = `${MARK}${createHash('sha256').update(json).digest('hex').slice(0, 40)}`;
      await store(folderOf(id), json, contents);
      return id;
    },
    load(id) {
      const known = loaded.get(id);
      if (known !== undefined) return known;
      const loading = read(id);
      loading.catch(() => loaded.delete(id));
      loaded.set(id, loading);
      for (const oldest of loaded.keys()) if (loaded.size > MAX_LOADED) loaded.delete(oldest);
      return loading;
    },
    async remove(id) {
      loaded.delete(id);
      await rm(folderOf(id), { recursive: true, force: true });
    },
  };
}

/** What a request asked for, as defaults of the template that it named. */
function templateOf(
  { template, css, options, partials, settings }: PreparedDocument,
  add: (path: string, asset: Asset) => void,
): Omit<PinnedFacts, 'files'> {
  const attachments = settings.attachments.map((file, at): TemplateAttachment => {
    if (!('content' in file)) return file;
    const { content, ...facts } = file;
    if (content == null) return facts;
    const path = `${MARK}attached/${at}`;
    add(path, { bytes: Buffer.from(content, 'base64'), mimeType: 'application/octet-stream' });
    return { ...facts, file: path, partial: null };
  });
  return {
    id: template.id ?? null,
    html: template.html,
    css,
    partials: { ...partials },
    options,
    defaults: {
      ...template.defaults,
      pdf_standard: settings.standards.length === 0 ? null : [...settings.standards],
      metadata: settings.metadata,
      attachments,
      sign_key_id: settings.signKeyId ?? null,
      signature: settings.signature,
    },
  };
}

/** Whole or not at all: written beside, then renamed. */
async function store(target: string, json: string, contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  if (await readFile(join(target, FACTS)).catch(() => undefined)) return;
  const making = `${target}.${randomUUID()}.tmp`;
  const syncFolder = createFolderSync(diskCalls);
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    for (const [name, bytes] of [...contents, [FACTS, Buffer.from(json)] as const]) {
      const path = join(making, name);
      await writeDurably(path, bytes, { disk: diskCalls, syncFolder, temporary: temporaryName(path, 'pin') });
    }
    await rename(making, target);
    await syncFolder(join(target, '..'));
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Another batch pinned the same meanwhile.
    if (await readFile(join(target, FACTS)).catch(() => undefined)) return;
    throw error;
  }
}

function filesIn(folder: string, files: readonly PinnedFile[]): AssetSource {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const cached = new Map<string, Promise<Buffer>>();
  let bytes = 0;
  return async (path) => {
    const file = byPath.get(path);
    if (file === undefined) return undefined;
    let content = cached.get(file.sha256);
    if (content === undefined) {
      content = readFile(join(folder, file.sha256));
      content.catch(() => cached.delete(file.sha256));
      bytes += (await content).length;
      if (bytes <= MAX_CACHED_BYTES) cached.set(file.sha256, content);
    }
    return { bytes: await content, mimeType: file.mimeType };
  };
}

/** The library, and the pinned templates with it. */
export const withPinned = (library: TemplateFinder, pins: PinnedTemplates): TemplateFinder => ({
  load: (id) => (id.startsWith(MARK) ? pins.load(id) : library.load(id)),
  loadFile: (filename) => library.loadFile(filename),
  readCss: (id) => library.readCss(id),
  readCssFile: (filename) => library.readCssFile(filename),
});
