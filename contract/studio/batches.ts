/** Batches as the owner starts, watches and mends them. */
import { z } from 'zod';
import {
  Batch,
  BatchRequest,
  BatchRow,
  BatchRowDetail,
  DryRun,
  RowMapping,
  RowReading,
  RowsFile,
  RowState,
} from '../batch.ts';
import { Bytes, route } from './route.ts';

const BatchId = z.int().positive();
const RowNumber = z.int().positive();
const ById = z.strictObject({ id: BatchId });
const OneBatch = z.object({ batch: Batch });

export const batchRoutes = {
  /**
   * A rows file in slices, so that a large one is never whole in memory: the first call names the file and gets an
   * `upload`, the next ones go on with it; the last one (`last`) gets what was found out about the file.
   */
  'batches.upload_rows': route(
    z.strictObject({
      upload: z.string().nullable(),
      filename: z.string().min(1).max(300),
      bytes: Bytes,
      last: z.boolean(),
    }),
    z.object({ upload: z.string(), file: RowsFile.nullable() }),
  ),
  /** What a rows file holds when it is read in another way than it was found to be. */
  'batches.read_rows': route(
    z.strictObject({ upload: z.string(), reading: RowReading.optional() }),
    z.object({ file: RowsFile }),
  ),
  /** Rows `from` … with what the mapping makes of them and their names; nothing is started. For the preview of any row. */
  'batches.dry_run': route(
    z.strictObject({
      upload: z.string(),
      reading: RowReading.optional(),
      mapping: RowMapping.optional(),
      name: z.string().max(500).optional(),
      from: z.int().min(1),
      limit: z.int().min(1).max(1000),
    }),
    DryRun,
  ),
  'batches.start': route(z.strictObject({ request: BatchRequest }), OneBatch),
  /** Newest first. */
  'batches.list': route(
    z.strictObject({ offset: z.int().min(0), limit: z.int().min(1).max(200) }),
    z.object({ batches: z.array(Batch), total: z.int() }),
  ),
  'batches.get': route(ById, OneBatch),
  /** In the order of the table; `total` of those in `state`. */
  'batches.rows': route(
    z.strictObject({
      id: BatchId,
      state: RowState.optional(),
      offset: z.int().min(0),
      limit: z.int().min(1).max(1000),
    }),
    z.object({ rows: z.array(BatchRow), total: z.int() }),
  ),
  'batches.row': route(z.strictObject({ id: BatchId, row: RowNumber }), z.object({ row: BatchRowDetail })),
  'batches.pause': route(ById, OneBatch),
  'batches.resume': route(ById, OneBatch),
  'batches.cancel': route(ById, OneBatch),
  /** All failed rows, or those named, as they were. */
  'batches.retry': route(
    z.strictObject({ id: BatchId, rows: z.array(RowNumber).max(10_000).optional() }),
    OneBatch,
  ),
  /** One row with mended data, as JSON text. */
  'batches.retry_row': route(
    z.strictObject({ id: BatchId, row: RowNumber, data: z.string().optional() }),
    OneBatch,
  ),
  /** One that has ended, with the documents that it keeps; what went into a folder stays there. */
  'batches.remove': route(ById, z.object({})),
  /** The document of one row. */
  'batches.download_row': route(
    z.strictObject({ id: BatchId, row: RowNumber }),
    z.object({ filename: z.string(), bytes: Bytes }),
  ),
  /** The zip, the merged PDF or `index.csv`. DOWNLOAD_TOO_LARGE above 256 MB: fetch it over the API, or let it be written to a file. */
  'batches.download': route(
    z.strictObject({ id: BatchId, what: z.enum(['result', 'index']) }),
    z.object({ filename: z.string(), bytes: Bytes }),
  ),
};
