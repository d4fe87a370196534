/** Batches for the studio, whose user is the owner. */
import { readFile } from 'node:fs/promises';
import type { BatchResult, BatchService } from '../batch/batch-service.ts';
import { InfluxionError } from '../error.ts';
import { STUDIO_CALLER } from './job-handlers.ts';
import type { StudioHandlers } from './router.ts';
import { MOST_DOWNLOAD_BYTES, refuseTooLarge } from './zip-download.ts';

type BatchHandlers = Pick<StudioHandlers, Extract<keyof StudioHandlers, `batches.${string}`>>;

export function createBatchHandlers(batches: BatchService): BatchHandlers {
  return {
    'batches.upload_rows': async ({ upload, filename, bytes, last }) => {
      const id = await batches.uploads.append(upload ?? undefined, filename, bytes);
      return { upload: id, file: last ? await batches.uploads.describe(id) : null };
    },
    'batches.read_rows': async ({ upload, reading }) => ({
      file: await batches.uploads.describe(upload, reading),
    }),
    'batches.dry_run': async ({ upload, ...request }, { signal }) =>
      batches.uploads.dryRun(await batches.uploads.find(upload), request, signal),
    'batches.start': async ({ request }) => ({ batch: await batches.start(request, STUDIO_CALLER) }),
    'batches.list': (page) => ({ batches: batches.list(page, STUDIO_CALLER), total: batches.total() }),
    'batches.get': ({ id }) => ({ batch: batches.get(id, STUDIO_CALLER) }),
    'batches.rows': ({ id, state, offset, limit }) => {
      const { rows: counts } = batches.get(id, STUDIO_CALLER);
      const rows = batches.rows(id, { state, offset, limit }, STUDIO_CALLER);
      return { rows, total: counts[state ?? 'total'] };
    },
    'batches.row': async ({ id, row }) => ({ row: await batches.row(id, row, STUDIO_CALLER) }),
    'batches.pause': async ({ id }) => ({ batch: await batches.pause(id, STUDIO_CALLER) }),
    'batches.resume': async ({ id }) => ({ batch: await batches.resume(id, STUDIO_CALLER) }),
    'batches.cancel': async ({ id }) => ({ batch: await batches.cancel(id, STUDIO_CALLER) }),
    'batches.retry': async ({ id, rows }) => ({ batch: await batches.retry(id, rows, STUDIO_CALLER) }),
    'batches.retry_row': async ({ id, row, data }) => ({
      batch: await batches.retryRow(id, row, data === undefined ? undefined : parseData(data), STUDIO_CALLER),
    }),
    'batches.remove': async ({ id }) => {
      await batches.remove(id, STUDIO_CALLER);
      return {};
    },
    'batches.download_row': async ({ id, row }) => {
      const { path, filename, size } = batches.document(id, row, STUDIO_CALLER);
      refuseTooLarge(size);
      return { filename, bytes: await readFile(path) };
    },
    'batches.download': async ({ id, what }) => {
      const { bytes: size, output } = batches.get(id, STUDIO_CALLER);
      if (what === 'result') refuseTooLarge(size);
      const result =
        what === 'index'
          ? batches.index(id, STUDIO_CALLER)
          : batches.result(id, output.type === 'merged' ? undefined : 'zip', STUDIO_CALLER);
      return { filename: result.filename, bytes: await bytesOf(result) };
    },
  };
}

function parseData(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new InfluxionError('BAD_JSON', `The data of the row is not valid JSON: ${why}.`);
  }
}

async function bytesOf(result: BatchResult): Promise<Uint8Array<ArrayBuffer>> {
  if (result.kind === 'file') return readFile(result.path);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of result.stream) {
    size += (chunk as Buffer).length;
    refuseTooLarge(size, MOST_DOWNLOAD_BYTES);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
