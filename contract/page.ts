import { z } from 'zod';

/** Paper sizes by name, in millimetres (ISO 216; ANSI/ASME Y14.1), portrait. Ledger is Tabloid turned. */
export const PAPER_SIZES = {
  A0: [841, 1189],
  A1: [594, 841],
  A2: [420, 594],
  A3: [297, 420],
  A4: [210, 297],
  A5: [148, 210],
  A6: [105, 148],
  Letter: [215.9, 279.4],
  Legal: [215.9, 355.6],
  Tabloid: [279.4, 431.8],
  Ledger: [431.8, 279.4],
} as const satisfies Record<string, readonly [number, number]>;

export type PaperName = keyof typeof PAPER_SIZES;
const PAPER_NAMES = Object.keys(PAPER_SIZES) as [PaperName, ...PaperName[]];

const MM_PER_UNIT = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72, px: 25.4 / 96 } as const;
const LENGTH = /^(\d+(?:\.\d+)?|\.\d+)(mm|cm|in|pt|px)$/;

/** A CSS length such as `210mm`, in millimetres; undefined when it is not one. */
export function parseLength(text: string): number | undefined {
  const match = LENGTH.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * MM_PER_UNIT[match[2] as keyof typeof MM_PER_UNIT];
}

const Length = z
  .string()
  .regex(LENGTH, 'Must be a length with a unit, such as "15mm" (mm, cm, in, pt or px)')
  .meta({ id: 'Length', examples: ['15mm', '0.5in'] });

/** Sides from 10 mm to 5 m: 5,080 mm is the 14,400 pt that PDF viewers agree on (ISO 32000-1 Annex C). */
const SIDE_MM = { min: 10, max: 5080 };
const Side = Length.refine(
  (text) => {
    const mm = parseLength(text);
    return mm === undefined || (mm >= SIDE_MM.min && mm <= SIDE_MM.max);
  },
  `Must be between ${String(SIDE_MM.min)}mm and ${String(SIDE_MM.max)}mm`,
);

const Margins = z.union([
  Length,
  z.strictObject({
    top: Length.optional(),
    right: Length.optional(),
    bottom: Length.optional(),
    left: Length.optional(),
  }),
]);

const PAGE_RANGES = /^\s*\d+\s*(-\s*\d*)?\s*(,\s*\d+\s*(-\s*\d*)?\s*)*$/;

const pageRangesAreOrdered = (text: string): boolean =>
  text.split(',').every((part) => {
    const [first, last] = part.split('-').map((number) => number.trim());
    const from = Number(first);
    return from >= 1 && (last === undefined || last === '' || Number(last) >= from);
  });

const isLocale = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** How a document is rendered and printed. Every field has a default; a template may bring its own. */
export const PrintOptions = z
  .strictObject({
    page_size: z
      .union([z.enum(PAPER_NAMES), z.strictObject({ width: Side, height: Side })])
      .nullish()
      .describe('Paper. Null lets `@page { size }` in the CSS decide, else A4'),
    landscape: z.boolean().optional().describe('Turns the paper. Default false'),
    margin: Margins.nullish().describe('Page margins; `@page { margin }` in the CSS wins. Default 10mm'),
    scale: z.number().min(0.1).max(2).optional().describe('Default 1'),
    page_ranges: z
      .string()
      .max(1000)
      .regex(PAGE_RANGES, 'Must look like "1-3, 5, 8-"')
      .refine(pageRangesAreOrdered, 'Pages start at 1 and a range must not run backwards')
      .nullish()
      .describe('Which pages to keep, e.g. `1-3, 5`. Default all'),
    header_html: z.string().max(200_000).nullish().describe('Handlebars; printed in the top margin'),
    footer_html: z.string().max(200_000).nullish().describe('Handlebars; printed in the bottom margin'),
    background: z.boolean().optional().describe('Print background colours and images. Default true'),
    scripts: z
      .boolean()
      .optional()
      .describe('Let the document run scripts, still without network. Default false'),
    timeout_ms: z.int().min(100).max(600_000).optional().describe('Limit of one attempt. Default 60000'),
    outline: z.boolean().optional().describe('Bookmarks from the headings. Default false'),
    locale: z
      .string()
      .max(100)
      .refine(isLocale, 'Must be a language tag such as "de-AT"')
      .optional()
      .describe('For the helpers. Default en'),
    time_zone: z
      .string()
      .max(100)
      .refine(isTimeZone, 'Must be a time zone such as "Europe/Vienna"')
      .optional()
      .describe('For the helpers. Default UTC'),
    strict: z.boolean().optional().describe('A field that the data lacks is an error. Default false'),
    transparency: z
      .enum(['error', 'flatten', 'raster'])
      .optional()
      .describe(
        'What PDF/A-1, which forbids transparency, does with it: "error" names page and cause (default), "flatten" mixes colours in the page before it is printed, "raster" turns the pages concerned into pictures with selectable text',
      ),
    reproducible: z
      .boolean()
      .optional()
      .describe('The same input gives the same bytes: dates and IDs are derived from it. Default false'),
  })
  .meta({ id: 'PrintOptions' });
export type PrintOptions = z.infer<typeof PrintOptions>;
