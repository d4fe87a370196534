import { stat } from 'node:fs/promises';
import type { templateRoutes } from '../../contract/studio/templates.ts';
import { InfluxionError } from '../error.ts';
import { describeStorageError } from '../store/storage-error.ts';
import { HELPER_CATALOG } from '../templates/helper-catalog.ts';
import { templateNotFound } from '../templates/library/template-names.ts';
import type { StudioHandlers } from './router.ts';
import type { TemplateWorkspace } from './template-workspace.ts';

export type TemplateHandlers = Pick<StudioHandlers, keyof typeof templateRoutes>;

/** The studio's calls on templates and their history. */
export function createTemplateHandlers(workspace: TemplateWorkspace): TemplateHandlers {
  const { library, editing, shelf, history } = workspace;
  const inWords = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      throw await describe(error, workspace.folder);
    }
  };

  return {
    'templates.list': async () => ({ templates: await inWords(library.list()) }),
    'templates.open': ({ id }) => inWords(editing.open(id)),
    'templates.helpers': () => ({ helpers: HELPER_FACTS }),
    'templates.write': ({ id, path, text, base }) => inWords(editing.write(id, path, text, base)),
    'templates.read_file': ({ id, path }) => inWords(editing.read(id, path)),
    'templates.put_file': ({ id, path, bytes }) => inWords(editing.put(id, path, bytes)),
    'templates.remove_file': ({ id, path }) => inWords(editing.remove(id, path)).then(nothing),
    'templates.rename_file': ({ id, path, to }) => inWords(editing.rename(id, path, to)).then(nothing),
    'templates.create': ({ name }) => inWords(shelf.create(name)),
    'templates.duplicate': ({ id, name }) => inWords(shelf.duplicate(id, name)),
    'templates.rename': ({ id, name }) => inWords(shelf.rename(id, name)),
    'templates.remove': ({ id }) => inWords(shelf.remove(id)),
    'templates.restore': ({ bin_id }) => inWords(shelf.restore(bin_id)),
    'templates.import': ({ bytes, name, replace }) => inWords(shelf.import(bytes, name, replace === true)),
    'templates.export': ({ id }) => inWords(shelf.export(id)),
    'history.list': ({ id, path }) => ({ snapshots: history.list(id, path) }),
    'history.read': ({ id, snapshot }) => inWords(history.read(id, snapshot)),
  };
}

const HELPER_FACTS = HELPER_CATALOG.map(({ name, signature, doc, example, block }) => ({
  name,
  signature,
  summary: doc,
  example: example.template,
  result: example.output,
  isBlock: block !== undefined,
}));

const nothing = (): Record<string, never> => ({});

/** A failure of the disk in words. */
async function describe(error: unknown, folder: string): Promise<unknown> {
  const { code } = error as { code?: unknown };
  if (code === 'EBUSY') {
    return new InfluxionError(
      'DATA_FOLDER_UNUSABLE',
      'Another program keeps a file of the template to itself.',
      { hint: 'Close it there, then try again.' },
      error,
    );
  }
  if (code !== 'ENOENT') return describeStorageError(error);
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) {
    return templateNotFound(
      'such template in the library any more',
      'It was renamed or deleted, perhaps by another program.',
    );
  }
  return new InfluxionError(
    'DATA_FOLDER_UNUSABLE',
    'The folder of the template library is gone.',
    { hint: 'Put it back, or start Influxion again to begin with the sample templates.' },
    error,
  );
}
