import { z } from 'zod';
import { PrintOptions } from './page.ts';

/** `influxion.json` in a template's folder: what the template brings besides its files. */
export const TemplateManifest = z
  .object({
    name: z.string().min(1).max(100).optional().describe('What people see; default the folder name'),
    description: z.string().max(500).optional(),
    options: PrintOptions.optional().describe('Defaults for every document of this template'),
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
