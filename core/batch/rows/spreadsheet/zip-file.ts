/** The parts of a spreadsheet file, which is a zip of XML. */
import { open as openZip, type Entry, type ZipFile } from 'yauzl';
import { rowsInvalid } from '../rows-error.ts';

export interface ZipParts extends AsyncDisposable {
  readonly names: ReadonlySet<string>;
  /** The bytes of a part; ROWS_INVALID when there is none of that name, or it is damaged. */
  read(name: string, signal?: AbortSignal): AsyncGenerator<Buffer>;
}

const MAX_ENTRIES = 10_000;

/** Errors: ROWS_INVALID when it is no zip. */
export async function openZipParts(path: string): Promise<ZipParts> {
  const zip = await open(path);
  const entries = await list(zip).catch((error: unknown) => {
    zip.close();
    throw error;
  });
  return {
    names: new Set(entries.keys()),
    async *read(name, signal) {
      const entry = entries.get(name);
      if (entry === undefined) throw rowsInvalid(`The spreadsheet has no part "${name}".`);
      const stream = await openEntry(zip, entry);
      try {
        for await (const chunk of stream) {
          signal?.throwIfAborted();
          yield chunk as Buffer;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw rowsInvalid(`The part "${name}" of the spreadsheet is damaged.`, undefined, error);
      } finally {
        stream.destroy();
      }
    },
    [Symbol.asyncDispose]() {
      zip.close();
      return Promise.resolve();
    },
  };
}

function open(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(rowsInvalid('The spreadsheet cannot be read: it is damaged.', undefined, error));
      else resolve(zip);
    });
  });
}

function list(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      if (entries.size > MAX_ENTRIES) reject(rowsInvalid('The spreadsheet has too many parts.'));
      else zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: unknown) =>
      reject(rowsInvalid('The spreadsheet cannot be read: it is damaged.', undefined, error)),
    );
    zip.readEntry();
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream & { destroy(): void }> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(rowsInvalid(`The part "${entry.fileName}" is damaged.`, undefined, error));
      else resolve(stream);
    });
  });
}
