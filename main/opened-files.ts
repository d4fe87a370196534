/** Files that the system asks the app to open: from the command line, by a double click, by "open with". */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { StudioEvent } from '../contract/studio/event.ts';

const OPENED = new Set(['.html', '.htm', '.hbs', '.zip']);
const MOST_BYTES = 64 * 1024 * 1024;

/** The files among the arguments that a process was started with; paths are resolved from the folder it was started in. */
export const filesAmong = (args: readonly string[], folder: string): string[] =>
  args
    .filter((arg) => !arg.startsWith('-') && OPENED.has(path.extname(arg).toLowerCase()))
    .map((arg) => path.resolve(folder, arg));

export type OpenedFile = Extract<StudioEvent, { type: 'file.opened' }>;

/** The file as the studio is told of it: its name, never its folder. Throws in words for a person. */
export async function readOpenedFile(file: string): Promise<OpenedFile> {
  const name = path.basename(file);
  if (!OPENED.has(path.extname(name).toLowerCase())) {
    throw new Error(`${name} is no template: Influxion opens .html, .hbs and .zip files.`);
  }
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new Error(`${name} cannot be read.`, { cause: error });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${name} is not a file.`);
    if (stats.size > MOST_BYTES) throw new Error(`${name} is larger than 64 MB, too large for a template.`);
    return { type: 'file.opened', name, bytes: new Uint8Array(await handle.readFile()) };
  } finally {
    await handle.close();
  }
}
