/** A template as one zip. What comes in is checked entry by entry before anything is written. */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { InfluxionError } from '../../error.ts';
import { HTML_FILE } from './template-loader.ts';
import { safeSegments } from './template-names.ts';

const MAX_ZIP_FILES = 2_000;
const MAX_ZIP_DEPTH = 8;
/** Unpacked; what it grows to counts, whatever the zip says. */
export const MAX_UNPACKED_BYTES = 200_000_000;
/** File types in the upper half of a Unix zip's attributes (APPNOTE 4.4.15, stat.h). */
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
/** What the archivers of desktops add. */
const CLUTTER = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

export interface UnpackedTemplate {
  /** Of the one top-level folder, if the zip has one. */
  readonly folderName: string | undefined;
  readonly files: ReadonlyMap<string, Buffer>;
}

const openZip = promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer);

/** Throws TEMPLATE_INVALID. */
export async function unpackTemplate(zip: Uint8Array): Promise<UnpackedTemplate> {
  const archive = await openZip(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), {
    lazyEntries: true,
    // A backslash would otherwise become a slash, and the name another one.
    strictFileNames: true,
  }).catch((error: unknown) => {
    throw refused('the file is not a zip, or it is damaged', error);
  });
  try {
    return withoutTopFolder(await readEntries(archive));
  } finally {
    archive.close();
  }
}

function readEntries(archive: yauzl.ZipFile): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>();
    const seen = new Set<string>();
    let total = 0;
    const next = async (entry: yauzl.Entry): Promise<void> => {
      const name = entry.fileName;
      if (seen.size >= MAX_ZIP_FILES) throw refused(`it has more than ${MAX_ZIP_FILES} files`);
      if (name.endsWith('/') || CLUTTER.test(name)) return;
      checkEntry(entry, seen);
      const bytes = await readEntry(archive, entry, MAX_UNPACKED_BYTES - total);
      total += bytes.length;
      files.set(name, bytes);
    };
    archive.on('entry', (entry: yauzl.Entry) => {
      next(entry).then(() => archive.readEntry(), reject);
    });
    archive.on('end', () => resolve(files));
    archive.on('error', (error: unknown) => reject(refused('it is damaged', error)));
    archive.readEntry();
  });
}

function checkEntry(entry: yauzl.Entry, seen: Set<string>): void {
  const name = entry.fileName;
  const segments = safeSegments(name);
  if (!segments || segments.length > MAX_ZIP_DEPTH) throw refused(`the name ${shown(name)} is not allowed`);
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR_FILE) throw refused(`${shown(name)} is a link or a special file`);
  if ((entry.generalPurposeBitFlag & 1) !== 0) throw refused('it is encrypted');
  // On many file systems the second would overwrite the first.
  const folded = name.normalize('NFC').toLowerCase();
  if (seen.has(folded)) throw refused(`it has ${shown(name)} twice`);
  seen.add(folded);
}

async function readEntry(archive: yauzl.ZipFile, entry: yauzl.Entry, left: number): Promise<Buffer> {
  const tooMuch = () => refused(`it unpacks to more than ${MAX_UNPACKED_BYTES / 1_000_000} MB`);
  if (entry.uncompressedSize > left) throw tooMuch();
  const stream = await promisify(archive.openReadStream.bind(archive) as OpenReadStream)(entry).catch(
    (error: unknown) => {
      throw refused(`${shown(entry.fileName)} cannot be unpacked`, error);
    },
  );
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      if (size > left) throw tooMuch();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw InfluxionError.is(error) ? error : refused(`${shown(entry.fileName)} is damaged`, error);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks);
}

type OpenReadStream = (entry: yauzl.Entry, done: (error: Error | null, stream: Readable) => void) => void;

/** A zip holds either the files of the template or one folder with them. */
function withoutTopFolder(files: ReadonlyMap<string, Buffer>): UnpackedTemplate {
  if (files.has(HTML_FILE)) return { folderName: undefined, files };
  const tops = new Set([...files.keys()].map((name) => name.slice(0, name.indexOf('/') + 1)));
  const [top] = tops;
  if (tops.size === 1 && top !== undefined && top !== '' && files.has(top + HTML_FILE)) {
    const inner = new Map([...files].map(([name, bytes]) => [name.slice(top.length), bytes]));
    return { folderName: top.slice(0, -1), files: inner };
  }
  throw refused(`it has no ${HTML_FILE}, neither at its top nor in one folder`);
}

/** A zip with one folder of that name. */
export async function packTemplate(
  id: string,
  files: readonly { readonly path: string; readonly bytes: Buffer; readonly modified: number }[],
): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const { path, bytes, modified } of files) {
    archive.addBuffer(bytes, `${id}/${path}`, { mtime: new Date(modified), mode: 0o100644 });
  }
  archive.end();
  return buffer(archive.outputStream);
}

const shown = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);

function refused(why: string, cause?: unknown): InfluxionError {
  return new InfluxionError('TEMPLATE_INVALID', `The template cannot be imported: ${why}.`, {}, cause);
}
