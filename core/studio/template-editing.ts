/**
 * The files of templates as the studio edits them. What a file was before goes into the history first; a change by another
 * program is never overwritten unseen, and what it overwrote is kept as well.
 */
import type { OpenedTemplate, Snapshot, TemplateFile } from '../../contract/studio/templates.ts';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import { changeableKind, fileKind, isTextKind, type FileKind } from '../templates/library/file-kinds.ts';
import { decodeText, type FoundFile } from '../templates/library/library-folder.ts';
import { mimeTypeOf } from '../templates/library/mime-types.ts';
import {
  conflict,
  fileNotFound,
  revisionOf,
  type CurrentFile,
  type TemplateFiles,
} from '../templates/library/template-files.ts';
import { HTML_FILE } from '../templates/library/template-loader.ts';
import type { EditableLibrary } from '../templates/template.ts';
import { MAX_HISTORY_BYTES, type Author, type TemplateHistory } from './template-history.ts';
import { TemplateMemory } from './template-memory.ts';
import type { TemplateNews } from './template-news.ts';
import type { TemplateTurns } from './template-turns.ts';

export interface TemplateEditingDeps {
  readonly library: EditableLibrary;
  readonly files: TemplateFiles;
  readonly history: TemplateHistory;
  readonly news: TemplateNews;
  readonly turns: TemplateTurns;
  readonly logger: Logger;
}

/** Texts of one template together; what is beyond is read file by file. */
const MAX_OPENED_BYTES = 32_000_000;

export class TemplateEditing {
  readonly #deps: TemplateEditingDeps;
  readonly #memory = new TemplateMemory();

  constructor(deps: TemplateEditingDeps) {
    this.#deps = deps;
  }

  /** Errors: TEMPLATE_NOT_FOUND. */
  open(id: string): Promise<OpenedTemplate> {
    const { files, library, news, turns } = this.#deps;
    return turns.take(id, async () => {
      await files.root(id);
      await news.see(id);
      const opened: TemplateFile[] = [];
      let left = MAX_OPENED_BYTES;
      for (const found of (await files.list(id)).sort(smallTextsFirst)) {
        const file = await this.#open(id, found, left);
        if (!file) continue;
        if (file.text !== null) left -= file.size;
        opened.push(file);
      }
      opened.sort((a, b) => (a.path < b.path ? -1 : 1));
      return { summary: await library.summarize(id), files: opened };
    });
  }

  async #open(id: string, { path, size }: FoundFile, left: number): Promise<TemplateFile | undefined> {
    const { files } = this.#deps;
    const kind = fileKind(path);
    if (!isTextKind(kind) || size > Math.min(left, MAX_HISTORY_BYTES)) {
      const revision = await files.revision(id, path);
      return revision === undefined ? undefined : { path, kind, size, revision, text: null };
    }
    const current = await files.read(id, path);
    if (!current) return undefined;
    await this.#observe(id, path, current);
    const { revision, bytes } = current;
    return { path, kind, size: bytes.length, revision, ...readable(bytes, path) };
  }

  /** Errors: TEMPLATE_CONFLICT, TEMPLATE_NOT_FOUND, TEMPLATE_INVALID, DISK_FULL, DATA_FOLDER_UNUSABLE. */
  write(id: string, path: string, text: string, base: string | null): Promise<{ readonly revision: string }> {
    const { files, news, turns } = this.#deps;
    return turns.take(id, async () => {
      if (!isTextKind(changeableKind(path))) throw notText(path);
      const bytes = Buffer.from(text);
      const revision = await revisionOf(bytes);
      const before = await files.read(id, path);
      await this.#observe(id, path, before);
      if (before?.revision === revision) return { revision };
      if ((before?.revision ?? null) !== base) throw before ? conflict(path) : deleted(path);
      if (before) await this.#keepIfPossible(id, path, before, revision);
      await files.write(id, path, bytes, before?.fingerprint);
      this.#see(id, path, bytes, revision);
      await news.tell(id);
      return { revision };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND. */
  async read(
    id: string,
    path: string,
  ): Promise<{ readonly mime_type: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
    return { mime_type: mimeTypeOf(path), bytes: plainBytes(await this.#deps.files.bytes(id, path)) };
  }

  /** Errors: those of `write` but TEMPLATE_CONFLICT. */
  put(id: string, path: string, bytes: Uint8Array): Promise<{ readonly revision: string }> {
    const { files, news, turns } = this.#deps;
    return turns.take(id, async () => {
      const isText = isTextKind(changeableKind(path));
      if (isText) decodeText(bytes, path);
      const fingerprint = await files.fingerprint(id, path);
      const before =
        isText && fingerprint && fingerprint.size <= MAX_HISTORY_BYTES
          ? await files.read(id, path)
          : undefined;
      const after = isText ? await revisionOf(bytes) : '';
      if (before) await this.#keepIfPossible(id, path, before, after);
      const revision = await files.write(id, path, bytes, before?.fingerprint ?? fingerprint);
      if (isText) this.#see(id, path, bytes, revision);
      await news.tell(id);
      return { revision };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID for a file that a template cannot do without, those of the disk. */
  remove(id: string, path: string): Promise<void> {
    const { files, news, turns } = this.#deps;
    return turns.take(id, async () => {
      await this.#keepForRemoval(id, path, ownKind(path));
      await files.remove(id, path);
      this.#memory.forget(id, path);
      await news.tell(id);
    });
  }

  /** Its history goes with it. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_EXISTS, TEMPLATE_INVALID, those of the disk. */
  rename(id: string, path: string, to: string): Promise<void> {
    const { files, history, news, turns } = this.#deps;
    return turns.take(id, async () => {
      if (isTextKind(ownKind(path)) !== isTextKind(changeableKind(to))) {
        throw new InfluxionError('TEMPLATE_INVALID', `"${path}" cannot become "${to}".`, {
          hint: 'A text stays a text, an image or font stays one.',
        });
      }
      await files.rename(id, path, to);
      await history.moveFile(id, path, to);
      const seen = this.#memory.file(id, path);
      this.#memory.forget(id, path);
      if (seen) this.#memory.see(id, to, seen);
      await news.tell(id);
    });
  }

  snapshots(id: string, path: string | undefined): Snapshot[] {
    return this.#deps.history.list(id, path);
  }

  /** Something in the folder of a template may have changed: tells of it and keeps what was there before. */
  look(id: string): Promise<void> {
    const { files, news, turns } = this.#deps;
    return turns.take(id, () =>
      news.lookAt(id, async () => {
        for (const [path] of this.#memory.files(id)) {
          const current = await files.read(id, path).catch((error: unknown) => {
            if (InfluxionError.is(error)) return undefined;
            throw error;
          });
          await this.#observe(id, path, current);
        }
      }),
    );
  }

  /** Keeps all texts of a template that is about to be replaced. */
  keepAll(id: string): Promise<void> {
    return this.#deps.turns.take(id, async () => {
      for (const { path } of await this.#deps.files.list(id)) {
        await this.#keepForRemoval(id, path, fileKind(path));
      }
      this.#memory.forgetTemplate(id);
    });
  }

  /** The template has gone or has another name. */
  forget(id: string): void {
    this.#memory.forgetTemplate(id);
  }

  /** Keeps what was seen last when the file is not that any more: another program has changed it. */
  async #observe(id: string, path: string, current: CurrentFile | undefined): Promise<void> {
    const seen = this.#memory.file(id, path);
    if (seen && seen.revision !== current?.revision) {
      await this.#keepIfPossible(id, path, seen, current?.revision ?? null, 'outside');
    }
    if (current) this.#see(id, path, current.bytes, current.revision);
    else this.#memory.forget(id, path);
  }

  #see(id: string, path: string, bytes: Uint8Array, revision: string): void {
    if (bytes.length <= MAX_HISTORY_BYTES) this.#memory.see(id, path, { bytes, revision });
    else this.#memory.forget(id, path);
  }

  /** A history that cannot be written must not keep a person from saving. */
  async #keepIfPossible(
    id: string,
    path: string,
    { bytes, revision }: { readonly bytes: Uint8Array; readonly revision: string },
    after: string | null,
    author: Author = 'studio',
  ): Promise<void> {
    const { history, logger } = this.#deps;
    await history
      .keep({ templateId: id, path, bytes, revision, after, author })
      .catch((error: unknown) => logger.warn({ err: error }, 'No snapshot of a template could be kept'));
  }

  async #keepForRemoval(id: string, path: string, kind: FileKind): Promise<void> {
    const { files, history } = this.#deps;
    if (!isTextKind(kind)) return;
    const size = (await files.fingerprint(id, path))?.size ?? 0;
    if (size > MAX_HISTORY_BYTES) return;
    const current = await files.read(id, path);
    if (!current) throw fileNotFound(id, path);
    const { bytes, revision } = current;
    await history.keep({ templateId: id, path, bytes, revision, after: null, author: 'studio' });
  }
}

/** Small ones first, so that many large samples do not keep the template itself from being shown. */
const smallTextsFirst = (a: FoundFile, b: FoundFile): number => a.size - b.size;

function readable(bytes: Buffer, path: string): Pick<TemplateFile, 'text' | 'problem'> {
  try {
    return { text: decodeText(bytes, path) };
  } catch (error) {
    if (InfluxionError.is(error)) return { text: null, problem: error.message };
    throw error;
  }
}

/** A Buffer is written into JSON as a list of numbers; a Uint8Array is not mistaken for JSON at all. */
export const plainBytes = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** The kind of a file that may go away from its place. Errors: TEMPLATE_INVALID. */
function ownKind(path: string): FileKind {
  const kind = changeableKind(path);
  if (kind !== 'html') return kind;
  throw new InfluxionError('TEMPLATE_INVALID', `A template cannot do without its ${HTML_FILE}.`, {
    hint: 'Delete the whole template instead.',
  });
}

function notText(path: string): InfluxionError {
  return new InfluxionError('TEMPLATE_INVALID', `"${path}" is not a text that is edited here.`, {
    hint: 'Put a new file in its place instead.',
  });
}

function deleted(path: string): InfluxionError {
  return new InfluxionError('TEMPLATE_CONFLICT', `"${path}" was renamed or deleted meanwhile.`, {
    hint: 'Save it as a new file to bring it back.',
  });
}
