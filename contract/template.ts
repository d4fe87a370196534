import { z } from 'zod';
import { DocumentMetadata, SignatureOptions, TemplateAttachments } from './document.ts';
import { PrintOptions } from './page.ts';
import { PdfStandards } from './standard.ts';

/** What a request that leaves it null gets from its template. */
const documentDefaults = {
  pdf_standard: PdfStandards.nullish(),
  sign_key_id: z.string().min(1).max(200).nullish(),
  signature: SignatureOptions.nullish(),
  metadata: DocumentMetadata.nullish(),
  attachments: TemplateAttachments.nullish(),
};

export type DocumentDefaults = z.infer<z.ZodObject<typeof documentDefaults>>;

/** `influxion.json` in a template's folder: what the template brings besides its files. */
export const TemplateManifest = z
  .object({
    name: z.string().min(1).max(100).optional().describe('What people see; default the folder name'),
    description: z.string().max(500).optional(),
    options: PrintOptions.optional().describe('Defaults for every document of this template'),
    ...documentDefaults,
  })
  .meta({ id: 'TemplateManifest' });
export type TemplateManifest = z.infer<typeof TemplateManifest>;

export const TemplateSummary = z
  .object({
    id: z.string().describe('The folder name'),
    name: z.string(),
    description: z.string(),
    samples: z.array(z.string()).describe('Names of sample data sets'),
    updated_at: z.iso.datetime(),
    problem: z.string().nullable().describe('Why it cannot be used, when it cannot'),
  })
  .meta({ id: 'TemplateSummary' });
export type TemplateSummary = z.infer<typeof TemplateSummary>;

export const TemplateList = z.object({ templates: z.array(TemplateSummary) }).meta({ id: 'TemplateList' });

export const TemplateDetail = TemplateSummary.extend({
  html: z.string(),
  css: z.string(),
  options: PrintOptions,
  partials: z.array(z.string()),
  assets: z.array(z.object({ path: z.string(), size: z.int() })),
}).meta({ id: 'TemplateDetail' });
export type TemplateDetail = z.infer<typeof TemplateDetail>;

/** `POST /templates?name=…`: the id of the new template; without it, the folder in the zip names it. */
export const TemplateImportQuery = z.strictObject({ name: z.string().min(1).max(100).optional() });
