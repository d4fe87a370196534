/** Hot folders: a data file that is put into the folder becomes documents in `out/`. */
import { z } from 'zod';
import { PdfStandards } from './standard.ts';

/** Absolute, on the computer of the host. */
const FolderPath = z.string().min(1).max(4096);

export const AddHotFolderRequest = z
  .strictObject({
    folder: FolderPath.describe('Absolute path of the folder on the computer of the host'),
    template_id: z.string().min(1).max(200).describe('A template of the library'),
    name: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe(
        'Pattern of the file names, such as `{{invoice.number}}.pdf`. Default: the name of the data file',
      ),
    pdf_standard: PdfStandards.optional(),
    sign_key_id: z.string().min(1).max(200).optional(),
    poll: z
      .boolean()
      .default(false)
      .describe('Look every few seconds rather than wait to be told: for network drives that tell nothing'),
  })
  .meta({ id: 'AddHotFolderRequest' });
export type AddHotFolderRequest = z.output<typeof AddHotFolderRequest>;

export const HotFolder = z
  .object({
    id: z.int(),
    folder: z.string(),
    template_id: z.string(),
    name: z.string().nullable(),
    pdf_standard: z.string().nullable(),
    sign_key_id: z.string().nullable(),
    poll: z.boolean(),
    state: z.enum(['watching', 'paused', 'unreachable']),
    problem: z.string().nullable().describe('Why it is unreachable or what went wrong last, one sentence'),
    counts: z.object({ working: z.int(), done: z.int(), failed: z.int() }).describe('Data files'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'HotFolder' });
export type HotFolder = z.infer<typeof HotFolder>;

export const HotFolderList = z.object({ folders: z.array(HotFolder) }).meta({ id: 'HotFolderList' });
export type HotFolderList = z.infer<typeof HotFolderList>;

export const ChangeHotFolderRequest = z
  .strictObject({ paused: z.boolean() })
  .meta({ id: 'ChangeHotFolderRequest' });

/** A data file that was taken. */
export const HotFile = z
  .object({
    id: z.int(),
    name: z.string().describe('As it came'),
    state: z.enum(['working', 'done', 'failed']),
    documents: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
    error: z.string().nullable().describe('One sentence; all of it is in the .error.txt beside the file'),
    taken_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'HotFile' });
export type HotFile = z.infer<typeof HotFile>;

/** Latest first. */
export const HotFileList = z.object({ files: z.array(HotFile) }).meta({ id: 'HotFileList' });
export type HotFileList = z.infer<typeof HotFileList>;
