/** What TEMPLATE on the command line names: a file, a folder, or a template of the library or the samples. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { TemplateRef } from '../contract/job.ts';
import { InfluxionError } from '../core/error.ts';
import { nearestName } from '../core/templates/nearest-name.ts';
import { findAssets, findPlaces } from './paths.ts';

const TEMPLATE_FILE = 'template.html';
const ID = /^[\w][\w.-]*$/;

export interface TemplateSource {
  /** The folder that the template and all it names lie in; nothing outside is read. */
  readonly folder: string;
  readonly ref: TemplateRef;
  /** How messages name its texts: where `html`, `css` and partials come from. */
  readonly fileOf: (text: string) => string;
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function filesIn(folderAsTyped: string, html: string): TemplateSource['fileOf'] {
  return (text) => {
    if (text === 'html') return html;
    if (text === 'css') return join(folderAsTyped, 'style.css');
    if (text === 'header' || text === 'footer') return text;
    return join(folderAsTyped, 'partials', `${text}.hbs`);
  };
}

function fromFile(path: string): TemplateSource {
  return {
    folder: dirname(resolve(path)),
    ref: { filename: basename(path) },
    fileOf: filesIn(dirname(path), path),
  };
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // A folder that cannot be listed has no names to suggest; what is missing is said all the same.
    return [];
  }
}

async function notFound(typed: string, libraries: readonly string[]): Promise<InfluxionError> {
  const beside = (await listNames(dirname(typed))).filter((name) => extname(name) === '.html');
  const inLibraries = (await Promise.all(libraries.map(listNames))).flat();
  const isPath = typed.includes('/') || typed.includes(sep) || extname(typed) !== '';
  const suggestion = isPath
    ? nearestName(basename(typed), beside)
    : nearestName(typed, [...inLibraries, ...beside]);
  const message = isPath
    ? `There is no template at ${typed}.`
    : `There is no file ${typed} here, and the library has no template of that name.`;
  const hint =
    suggestion === undefined
      ? 'Name an HTML file, a folder with template.html, or a template of the library ("influxion template list").'
      : `Did you mean ${isPath ? join(dirname(typed), suggestion) : suggestion}?`;
  return new InfluxionError('TEMPLATE_NOT_FOUND', message, { hint });
}

/** Errors: TEMPLATE_NOT_FOUND, with the nearest name. */
export async function findTemplate(
  typed: string,
  dataFolder: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<TemplateSource> {
  const kind = await kindOf(typed);
  if (kind === 'file') return fromFile(typed);
  if (kind === 'folder' && (await kindOf(join(typed, TEMPLATE_FILE))) === 'file') {
    return fromFile(join(typed, TEMPLATE_FILE));
  }
  const libraries = [join(findPlaces(dataFolder, env).data, 'templates'), join(findAssets(), 'samples')];
  if (ID.test(typed)) {
    for (const library of libraries) {
      const html = join(library, typed, TEMPLATE_FILE);
      if ((await kindOf(html)) !== 'file') continue;
      return { folder: library, ref: { id: typed }, fileOf: filesIn(typed, join(typed, TEMPLATE_FILE)) };
    }
  }
  throw await notFound(typed, libraries);
}
