/** All documents of a batch and its index as one zip, written as it is read. */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { BatchRowRepository } from '../../store/batch-row-repository.ts';
import type { Destination } from '../destination.ts';
import { INDEX_NAME, indexCsv } from './batch-index.ts';

const STEP = 500;
const PLAIN_FILE = 0o100644;

/**
 * Stored as they are: a PDF is compressed already. Of any size (zip64). Documents that are not there any more are left
 * out. `modified`: when the batch ended, so that the same batch is the same zip.
 */
export function batchZip(
  batchId: number,
  rows: BatchRowRepository,
  destination: Destination,
  modified: Date,
): Readable {
  const zip = new ZipFile();
  const facts = { compress: false, mtime: modified, mode: PLAIN_FILE };
  zip.addReadStream(Readable.from(indexCsv(batchId, rows)), INDEX_NAME, {
    mtime: modified,
    mode: PLAIN_FILE,
  });
  const output = Readable.from(zip.outputStream, { objectMode: false });
  zip.on('error', (error: unknown) => output.destroy(error as Error));
  const addAll = async (): Promise<void> => {
    for (let after = 0; ;) {
      const page = rows.page(batchId, 'done', { after, limit: STEP });
      if (page.length === 0) break;
      after = page.at(-1)?.row ?? after;
      for (const { name } of page) {
        if (name !== null && (await destination.size(name)) !== undefined) {
          zip.addFile(destination.path(name), name, facts);
        }
      }
    }
    zip.end();
  };
  addAll().catch((error: unknown) => output.destroy(error as Error));
  return output;
}
