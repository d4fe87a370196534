/** What a data file asks for: one document, or a batch of its rows, as its folder says. */
import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { BatchRequest } from '../../contract/batch.ts';
import { InfluxionError } from '../error.ts';
import type { HotFileRow, HotFolderRow } from '../store/hot-folder-repository.ts';
import type { FolderLayout } from './folder-layout.ts';

/** One document whose data is the whole file; more is a table, which is streamed. */
const SINGLE_MAX_BYTES = 16 * 1024 * 1024;

/** No two files have the same. */
export const titleOf = ({ id, folder_id, name }: HotFileRow): string =>
  `${name.slice(0, 150)} (hot folder ${folder_id}, file ${id})`;

const DATA_FILE = /\.(?:json|jsonl|ndjson|csv|tsv|tab|txt|xlsx|xlsm|xls|ods)$/i;

/** Errors: ROWS_INVALID; what the file system says. */
export async function requestFor(
  folder: HotFolderRow,
  file: HotFileRow,
  layout: FolderLayout,
): Promise<BatchRequest> {
  const input = layout.input(file.id, file.name);
  if (!DATA_FILE.test(file.name)) {
    throw new InfluxionError('ROWS_INVALID', 'This is no file of data.', {
      hint: 'Data comes as .json, .jsonl, .csv, .xlsx or .ods.',
    });
  }
  const single = await singleDocument(input, file.name);
  return {
    rows: single === undefined ? { file: input } : { inline: [single] },
    html_template: { id: folder.template_id },
    title: titleOf(file),
    ...(folder.name !== null && { name: folder.name }),
    ...(folder.pdf_standard !== null && {
      pdf_standard: JSON.parse(folder.pdf_standard) as BatchRequest['pdf_standard'],
    }),
    ...(folder.sign_key_id !== null && { sign_key_id: folder.sign_key_id }),
  };
}

/** The data of a `.json` file that holds one object; undefined for a file of rows. Errors: ROWS_INVALID. */
async function singleDocument(path: string, name: string): Promise<object | undefined> {
  if (extname(name).toLowerCase() !== '.json') return undefined;
  await using file = await open(path);
  const head = (await file.read({ buffer: Buffer.alloc(1024), position: 0 })).buffer.toString('utf8');
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  if ((await file.stat()).size > SINGLE_MAX_BYTES) {
    throw new InfluxionError('ROWS_INVALID', 'One object of data has at most 16 MB.', {
      hint: 'Many documents are an array, or JSON Lines.',
    });
  }
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    // Objects one after the other are JSON Lines under another name, and are told of line by line.
    if (text.trimEnd().includes('}\n')) return undefined;
    throw new InfluxionError('ROWS_INVALID', `The file is no JSON: ${(error as Error).message}.`, {}, error);
  }
}
