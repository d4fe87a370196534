/** The templates of the library as wholes: made, copied, renamed, deleted and taken back, brought in and handed on. */
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import { emptyTemplate } from '../templates/library/empty-template.ts';
import { tooLarge, type LibraryFolder } from '../templates/library/library-folder.ts';
import { MAX_UNPACKED_BYTES } from '../templates/library/library-zip.ts';
import { MANIFEST_FILE } from '../templates/library/manifest.ts';
import { moveToBin, restoreFromBin, sweepBin } from '../templates/library/template-bin.ts';
import type { TemplateFiles } from '../templates/library/template-files.ts';
import { installFolder, installTemplate } from '../templates/library/template-install.ts';
import { isTemplateId, toTemplateId } from '../templates/library/template-names.ts';
import type { EditableLibrary } from '../templates/template.ts';
import type { TemplateHistory } from './template-history.ts';
import { plainBytes, type TemplateEditing } from './template-editing.ts';
import { withName } from './template-manifest-name.ts';
import type { TemplateNews } from './template-news.ts';
import type { TemplateTurns } from './template-turns.ts';

export interface TemplateShelfDeps {
  readonly library: EditableLibrary;
  readonly folder: LibraryFolder;
  readonly files: TemplateFiles;
  readonly editing: TemplateEditing;
  readonly history: TemplateHistory;
  readonly news: TemplateNews;
  readonly turns: TemplateTurns;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface WithId {
  readonly id: string;
}

/** The turn of what changes the list; no template has such a name. */
const LIST = '';

export class TemplateShelf {
  readonly #deps: TemplateShelfDeps;

  constructor(deps: TemplateShelfDeps) {
    this.#deps = deps;
  }

  /** Errors: TEMPLATE_EXISTS, those of the disk. */
  create(name: string): Promise<WithId> {
    return this.#inTurn(async () => {
      const id = await this.#freeId(name);
      await installTemplate(this.#root, id, emptyTemplate(name), false);
      await this.#deps.news.tellList(id);
      return { id };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_EXISTS, TEMPLATE_INVALID when it is too large, those of the disk. */
  duplicate(original: string, name: string): Promise<WithId> {
    const { files } = this.#deps;
    return this.#inTurn(async () => {
      const id = await this.#freeId(name);
      await this.#deps.turns.take(original, async () => {
        const found = await files.list(original);
        const total = found.reduce((sum, { size }) => sum + size, 0);
        if (total > MAX_UNPACKED_BYTES) throw tooLarge(original, MAX_UNPACKED_BYTES);
        const from = await files.root(original);
        const copy = async (to: string): Promise<void> => {
          for (const { path } of found) {
            await mkdir(dirname(join(to, path)), { recursive: true });
            await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
          }
        };
        await installFolder(this.#root, id, copy, false);
      });
      await this.#setName(id, name);
      await this.#deps.news.tellList(id);
      return { id };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_EXISTS, those of the disk. */
  rename(id: string, name: string): Promise<WithId> {
    const { editing, files, history, news, turns } = this.#deps;
    return this.#inTurn(async () => {
      await files.root(id);
      const wanted = toTemplateId(name);
      const to =
        wanted === id || (wanted === undefined && isTemplateId(id)) ? id : await this.#freeId(name, id);
      await this.#setName(id, name);
      if (to !== id) {
        await turns.take(id, async () => {
          await rename(join(this.#root, id), join(this.#root, to));
          editing.forget(id);
          await this.#moveHistory(history.moveTemplate(id, to));
        });
      }
      await news.tellList(id, to);
      return { id: to };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND, those of the disk. */
  remove(id: string): Promise<{ readonly bin_id: string }> {
    const { clock, editing, files, history, news, turns } = this.#deps;
    return this.#inTurn(() =>
      turns.take(id, async () => {
        await files.root(id);
        const binId = await moveToBin(this.#root, id, clock.now());
        editing.forget(id);
        await this.#moveHistory(history.moveTemplate(id, binId));
        await news.tellList(id);
        return { bin_id: binId };
      }),
    );
  }

  /** Errors: TEMPLATE_NOT_FOUND, those of the disk. */
  restore(binId: string): Promise<WithId> {
    return this.#inTurn(async () => {
      const id = await restoreFromBin(this.#root, binId);
      await this.#moveHistory(this.#deps.history.moveTemplate(binId, id));
      await this.#deps.news.tellList(id);
      return { id };
    });
  }

  /** Errors: TEMPLATE_INVALID, TEMPLATE_EXISTS, those of the disk. */
  import(zip: Uint8Array, name: string | undefined, replace: boolean): Promise<WithId> {
    const { editing, library, news } = this.#deps;
    return this.#inTurn(async () => {
      const id = await library.importZip(zip, {
        replace,
        ...(name !== undefined && { name: toTemplateId(name) ?? name }),
        beforeReplace: (replaced) => editing.keepAll(replaced),
      });
      await news.tellList(id);
      if (replace) await news.tell(id);
      return { id };
    });
  }

  /** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID when it is too large. */
  async export(id: string): Promise<{ readonly filename: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
    return { filename: `${id}.zip`, bytes: plainBytes(await this.#deps.library.exportZip(id)) };
  }

  /** Clears away what has been in the bin for long, and old snapshots. */
  sweep(): Promise<void> {
    const { clock, history } = this.#deps;
    return this.#inTurn(async () => {
      for (const binId of await sweepBin(this.#root, clock.now())) await history.removeTemplate(binId);
      await history.removeOld();
    });
  }

  get #root(): string {
    return this.#deps.folder.path;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#deps.turns.take(LIST, work);
  }

  async #setName(id: string, name: string): Promise<void> {
    const { editing, files } = this.#deps;
    const manifest = await files.read(id, MANIFEST_FILE);
    const text = withName(manifest?.bytes, name);
    if (text !== undefined) await editing.write(id, MANIFEST_FILE, text, manifest?.revision ?? null);
  }

  /** The template has moved already, and that counts more than its history. */
  async #moveHistory(moved: Promise<void>): Promise<void> {
    await moved.catch((error: unknown) =>
      this.#deps.logger.warn({ err: error }, 'The history of a template could not go with it'),
    );
  }

  /** A folder name for what a person typed. Errors: TEMPLATE_EXISTS. `own`: may differ from it by letter case only. */
  async #freeId(name: string, own?: string): Promise<string> {
    const wanted = toTemplateId(name);
    let id = wanted ?? 'template';
    for (let n = 2; await this.#isTaken(id, own); n++) {
      if (wanted !== undefined) {
        throw new InfluxionError('TEMPLATE_EXISTS', `There is already a template "${id}".`, {
          hint: 'Choose another name.',
        });
      }
      id = `template-${n}`;
    }
    return id;
  }

  async #isTaken(id: string, own: string | undefined): Promise<boolean> {
    const names = await this.#deps.folder.names();
    if (names.some((taken) => taken !== own && taken.toLowerCase() === id)) return true;
    if (own?.toLowerCase() === id) return false;
    return lstat(join(this.#root, id)).then(
      () => true,
      () => false,
    );
  }
}
