/** Many documents from one template and a table: what is asked for, and how far it has come. */
import { z } from 'zod';
import { GenerateRequest, JobErrorDetail } from './job.ts';

export const ROW_FORMATS = ['csv', 'jsonl', 'json', 'xlsx', 'ods'] as const;
export const RowFormat = z.enum(ROW_FORMATS);
export type RowFormat = z.infer<typeof RowFormat>;

export const COLUMN_TYPES = ['text', 'number', 'boolean', 'date', 'json'] as const;
export const ColumnType = z.enum(COLUMN_TYPES);
export type ColumnType = z.infer<typeof ColumnType>;

/** `invoice.items[0].price`. */
const DATA_PATH = /^[^.[\]\s][^.[\]]*(?:\.[^.[\]]+|\[\d{1,4}\])*$/;
export const DataPath = z
  .string()
  .max(500)
  .regex(DATA_PATH, 'Must be a path such as "invoice.items[0].price"')
  .meta({ id: 'DataPath' });

const isLocale = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

export const ColumnMapping = z
  .strictObject({
    column: z.string().max(1000).describe('Name of the column, as the first row has it'),
    path: DataPath.nullable().describe('Where the value goes in the data; null leaves the column out'),
    type: ColumnType.nullish().describe('Default: what the cell is; a text of a CSV file stays text'),
    empty: z
      .enum(['omit', 'null', 'text', 'error'])
      .nullish()
      .describe(
        'What an empty cell becomes: nothing, null, an empty text, or a fault of the row. Default omit',
      ),
  })
  .meta({ id: 'ColumnMapping' });
export type ColumnMapping = z.infer<typeof ColumnMapping>;

export const RowMapping = z
  .strictObject({
    columns: z
      .array(ColumnMapping)
      .max(20_000)
      .nullish()
      .describe('Default: every column, its name taken as the path'),
    locale: z
      .string()
      .max(100)
      .refine(isLocale, 'Must be a language tag such as "de-AT"')
      .nullish()
      .describe('How numbers and dates are written in the cells: decimal comma, order of day and month'),
  })
  .meta({ id: 'RowMapping' });
export type RowMapping = z.infer<typeof RowMapping>;

/** How a rows file is read, where it does not say so itself. */
export const RowReading = z
  .strictObject({
    format: RowFormat.nullish().describe('Default by the name and the first bytes of the file'),
    separator: z.string().length(1).nullish().describe('Between cells of a CSV file. Default: found out'),
    encoding: z
      .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
      .nullish()
      .describe('Of a text file. Default: found out'),
    sheet: z.string().max(200).nullish().describe('Name of the sheet. Default: the first'),
  })
  .meta({ id: 'RowReading' });
export type RowReading = z.infer<typeof RowReading>;

const LocalPath = z.string().min(1).max(4000);

export const BatchRows = z
  .union([
    z.strictObject({ inline: z.array(z.unknown()).min(1).max(100_000).describe('The data of each row') }),
    z.strictObject({
      upload: z.string().min(1).max(100).describe('The id that `POST /batch/rows` answered with'),
    }),
    z.strictObject({ file: LocalPath.describe('A file on this computer; only for its owner') }),
  ])
  .meta({ id: 'BatchRows' });

export const BatchOutput = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('zip'),
      file: LocalPath.nullish().describe('Where the zip goes on this computer; only for its owner'),
    }),
    z.strictObject({
      type: z.literal('merged'),
      file: LocalPath.nullish().describe('Where the PDF goes on this computer; only for its owner'),
      page_numbers: z
        .string()
        .max(200)
        .nullish()
        .describe('Stamped on every page, such as "{page} / {pages}". Default: none'),
    }),
    z.strictObject({
      type: z.literal('folder'),
      folder: LocalPath.describe('A folder on this computer; only for its owner'),
    }),
  ])
  .meta({ id: 'BatchOutput' });
export type BatchOutput = z.infer<typeof BatchOutput>;

/** `POST /pdf/batch`: the options of a single job, with rows in place of its data. */
export const BatchRequest = GenerateRequest.omit({ data: true, document_id: true, priority: true })
  .extend({
    rows: BatchRows,
    template_folder: LocalPath.nullish().describe(
      'A folder on this computer in which html_template is looked for, instead of the library; only for its owner',
    ),
    reading: RowReading.nullish(),
    mapping: RowMapping.nullish(),
    name: z
      .string()
      .min(1)
      .max(500)
      .nullish()
      .describe(
        'Of each document, with data in it: "{{invoice.number}}.pdf"; {{@row}} is the number of the row. Default "{{@row}}.pdf"',
      ),
    output: BatchOutput.nullish().describe('Default: a zip to be fetched'),
    title: z.string().max(200).nullish().describe('What people see in lists. Default: the template'),
  })
  .meta({ id: 'BatchRequest' });
export type BatchRequest = z.infer<typeof BatchRequest>;

export const BatchAccepted = z.object({ batch_id: z.int() }).meta({ id: 'BatchAccepted' });

/**
 * `reading`: the rows are taken in; `running`; `paused`; `finishing`: the zip or merged PDF is written; `done`: every row
 * has ended, well or not; `failed`: it could not be read or finished; `cancelled`.
 */
export const BATCH_STATES = [
  'reading',
  'running',
  'paused',
  'finishing',
  'done',
  'failed',
  'cancelled',
] as const;
export const BatchState = z.enum(BATCH_STATES);
export type BatchState = z.infer<typeof BatchState>;

export const ROW_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export const RowState = z.enum(ROW_STATES);
export type RowState = z.infer<typeof RowState>;

const Timestamp = z.iso.datetime().describe('ISO 8601, UTC');

export const Batch = z
  .object({
    id: z.int(),
    state: BatchState,
    title: z.string(),
    template_id: z.string().nullable(),
    pdf_standard: z.string().nullable(),
    source: z.string().describe('Name of the rows file, or "inline"'),
    name: z.string().describe('Pattern of the names'),
    output: BatchOutput,
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
    rows: z.object({
      total: z.int(),
      waiting: z.int(),
      running: z.int(),
      done: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      unchanged: z.int().describe('Of those done: left alone, because an earlier batch had made the same'),
    }),
    pages: z.int(),
    bytes: z.int(),
    per_minute: z.number().nullable().describe('Documents of late; null before the first'),
    time_left_ms: z.int().nullable(),
    problem: z.string().nullable().describe('What holds it up, in words; it goes on by itself when it can'),
    error: z.string().nullable().describe('Why it failed'),
    warnings: z.array(z.string()).describe('Of the rows file and the merged PDF'),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof Batch>;

export const BatchList = z
  .object({ batches: z.array(Batch), next_cursor: z.string().nullable() })
  .meta({ id: 'BatchList' });
export type BatchList = z.infer<typeof BatchList>;

export const BatchRow = z
  .object({
    row: z.int().describe('From 1, without the row of names'),
    line: z.int().nullable().describe('Line, sheet row or element in the file'),
    state: RowState,
    name: z.string().nullable().describe('Of its document; null where the row has none'),
    pages: z.int().nullable(),
    size: z.int().nullable(),
    sha256: z.string().nullable(),
    unchanged: z.boolean(),
    error: z.string().nullable(),
    error_detail: JobErrorDetail.nullable(),
    warnings: z.int(),
  })
  .meta({ id: 'BatchRow' });
export type BatchRow = z.infer<typeof BatchRow>;

export const BatchRowDetail = BatchRow.extend({
  data: z.unknown().describe('What the template gets; null where the row cannot be read'),
}).meta({ id: 'BatchRowDetail' });
export type BatchRowDetail = z.infer<typeof BatchRowDetail>;

export const BatchRowList = z
  .object({ rows: z.array(BatchRow), next_after: z.int().nullable() })
  .meta({ id: 'BatchRowList' });

export const BatchRowQuery = z.strictObject({
  state: RowState.optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type BatchRowQuery = z.infer<typeof BatchRowQuery>;

export const BatchListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type BatchListQuery = z.infer<typeof BatchListQuery>;

export const BatchDownloadQuery = z.strictObject({
  as: z.literal('zip').optional().describe('The documents as a zip, also of a batch that merges them'),
});

/** `POST /batch/{id}/retry`: all failed rows, or those named. */
export const BatchRetry = z
  .strictObject({ rows: z.array(z.int().min(1)).max(10_000).nullish() })
  .meta({ id: 'BatchRetry' });

/** `POST /batch/{id}/rows/{row}/retry`: as it was, or with mended data. */
export const RowRetry = z
  .strictObject({ data: z.unknown().optional().describe('In place of what the row held') })
  .meta({ id: 'RowRetry' });

/** `POST /batch/rows`: a rows file that was taken in. */
export const RowsFile = z
  .object({
    id: z.string(),
    filename: z.string(),
    size: z.int(),
    format: RowFormat,
    encoding: z.string().nullable().describe('Of a text file'),
    separator: z.string().nullable().describe('Of a CSV file'),
    sheets: z.array(z.string()).describe('Of a spreadsheet'),
    columns: z.array(z.string()),
  })
  .meta({ id: 'RowsFile' });
export type RowsFile = z.infer<typeof RowsFile>;

export const RowsUploadQuery = z.strictObject({
  filename: z.string().min(1).max(300).optional(),
  format: RowFormat.optional(),
});

/** A row as a dry run shows it: what the template would get, and what the document would be called. */
export const DryRow = z
  .object({
    row: z.int(),
    line: z.int().nullable(),
    cells: z.array(z.string()).nullable().describe('As they stand in the table; null for rows of JSON'),
    data: z.unknown(),
    name: z.string().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'DryRow' });
export type DryRow = z.infer<typeof DryRow>;

export const DryRun = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(DryRow),
    more: z.boolean().describe('Whether rows follow'),
  })
  .meta({ id: 'DryRun' });
export type DryRun = z.infer<typeof DryRun>;

/** `POST /pdf/batch?dry_run=N`: the first rows, and nothing is started. */
export const BatchQuery = z.strictObject({ dry_run: z.coerce.number().int().min(1).max(1000).optional() });
