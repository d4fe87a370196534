/** Templates as the studio edits them: files of a folder in the library, with what they were before. */
import { z } from 'zod';
import { TemplateSummary } from '../template.ts';
import { Bytes, Nothing, route } from './route.ts';

const TemplateId = z.string().min(1).max(200);

/** Path in the template's folder, with `/`: `template.html`, `samples/default.json`, `assets/logo.svg`. */
const FilePath = z.string().min(1).max(500);

/** Of a file's content; the base of an edit, so that a change from outside is not overwritten unseen. */
const Revision = z.string();

export const FILE_KINDS = [
  'html',
  'css',
  'partial',
  'sample',
  'schema',
  'manifest',
  'asset',
  'font',
  'other',
] as const;

export const TemplateFile = z.object({
  path: FilePath,
  kind: z.enum(FILE_KINDS),
  size: z.int(),
  revision: Revision,
  /**
   * The text of what is edited as text; null for images, fonts, texts above 8 MB and what goes beyond 32 MB in all
   * (`templates.read_file` reads those), and for what is not UTF-8.
   */
  text: z.string().nullable(),
  /** Why a text cannot be shown. */
  problem: z.string().optional(),
});
export type TemplateFile = z.infer<typeof TemplateFile>;

export const OpenedTemplate = z.object({ summary: TemplateSummary, files: z.array(TemplateFile) });
export type OpenedTemplate = z.infer<typeof OpenedTemplate>;

/** A helper as the editor completes and explains it. */
export const HelperFacts = z.object({
  name: z.string(),
  signature: z.string(),
  summary: z.string(),
  example: z.string(),
  result: z.string(),
  isBlock: z.boolean(),
});
export type HelperFacts = z.infer<typeof HelperFacts>;

/** What a file was at some time. */
export const Snapshot = z.object({
  id: z.int(),
  path: FilePath,
  taken_at: z.iso.datetime(),
  size: z.int(),
  revision: Revision,
});
export type Snapshot = z.infer<typeof Snapshot>;

const Target = z.strictObject({ id: TemplateId });
const FileTarget = z.strictObject({ id: TemplateId, path: FilePath });
const Name = z.string().trim().min(1).max(100);
const WithId = z.object({ id: TemplateId });

export const templateRoutes = {
  'templates.list': route(Nothing, z.object({ templates: z.array(TemplateSummary) })),
  'templates.open': route(Target, OpenedTemplate),
  'templates.helpers': route(Nothing, z.object({ helpers: z.array(HelperFacts) })),
  /**
   * TEMPLATE_CONFLICT when the file is no longer what `base` says; `base` null makes a new file. Keeps a snapshot. A text
   * that is there already is no conflict.
   */
  'templates.write': route(
    z.strictObject({ id: TemplateId, path: FilePath, text: z.string(), base: Revision.nullable() }),
    z.object({ revision: Revision }),
  ),
  'templates.read_file': route(FileTarget, z.object({ mime_type: z.string(), bytes: Bytes })),
  /** An image, a font, a large sample; replaces one of the same path. */
  'templates.put_file': route(
    z.strictObject({ id: TemplateId, path: FilePath, bytes: Bytes }),
    z.object({ revision: Revision }),
  ),
  'templates.remove_file': route(FileTarget, z.object({})),
  /** TEMPLATE_EXISTS when there is a file of the new name. Its history goes with it. */
  'templates.rename_file': route(
    z.strictObject({ id: TemplateId, path: FilePath, to: FilePath }),
    z.object({}),
  ),
  /** An empty but printable template. The name becomes the folder's, in letters that every file system has. */
  'templates.create': route(z.strictObject({ name: Name }), WithId),
  'templates.duplicate': route(z.strictObject({ id: TemplateId, name: Name }), WithId),
  /** What people see and the folder, so the id too. TEMPLATE_EXISTS when another template has it. */
  'templates.rename': route(z.strictObject({ id: TemplateId, name: Name }), WithId),
  /** Into the bin for 30 days; `restore` takes it out again, under another id when its own is taken. */
  'templates.remove': route(Target, z.object({ bin_id: z.string() })),
  'templates.restore': route(z.strictObject({ bin_id: z.string().max(300) }), WithId),
  /** TEMPLATE_EXISTS unless `replace`; the texts of what is replaced stay in the history. */
  'templates.import': route(
    z.strictObject({ bytes: Bytes, name: Name.optional(), replace: z.boolean().optional() }),
    WithId,
  ),
  'templates.export': route(Target, z.object({ filename: z.string(), bytes: Bytes })),
  /** Newest first; of one file, or of all of the template. Also of files and templates that are gone. */
  'history.list': route(
    z.strictObject({ id: TemplateId, path: FilePath.optional() }),
    z.object({ snapshots: z.array(Snapshot) }),
  ),
  'history.read': route(
    z.strictObject({ id: TemplateId, snapshot: z.int() }),
    z.object({ path: FilePath, text: z.string() }),
  ),
};
