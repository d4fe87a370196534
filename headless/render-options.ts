/** The print options of `render` from a file and from flags, which win over it. */
import { PAPER_SIZES, PrintOptions, type PaperName } from '../contract/page.ts';
import { InfluxionError } from '../core/error.ts';
import type { RenderFlags } from './render-flags.ts';
import { readJson, readText } from './read-input.ts';
import { UsageError } from './usage-error.ts';

/** Which flag sets which option; a fault is then told with the name that was typed. */
const FLAG_OF: Readonly<Record<string, string>> = {
  page_size: '--page-size',
  landscape: '--landscape',
  margin: '--margin',
  scale: '--scale',
  page_ranges: '--pages',
  locale: '--locale',
  time_zone: '--time-zone',
  header_html: '--header',
  footer_html: '--footer',
};

function paperOf(size: string): unknown {
  const named = (Object.keys(PAPER_SIZES) as PaperName[]).find(
    (name) => name.toLowerCase() === size.toLowerCase(),
  );
  if (named !== undefined) return named;
  const [width, height] = size.split(/\s*[x×]\s*(?=[\d.])/);
  if (width !== undefined && height !== undefined) return { width, height };
  throw new UsageError(
    `--page-size: "${size}" is no paper size.`,
    `Use one of ${Object.keys(PAPER_SIZES).join(', ')}, or WIDTHxHEIGHT such as 100mmx50mm.`,
  );
}

/** One to four lengths in the order of CSS: top, right, bottom, left. */
function marginOf(text: string): unknown {
  const [top, right = top, bottom = top, left = right, ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0) throw new UsageError('--margin takes at most four lengths.');
  return top === right && top === bottom && top === left ? top : { top, right, bottom, left };
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`${flag}: "${text}" is not a number.`);
}

/** Seconds on the command line, where people type them; milliseconds in the options. */
function timeoutOf(text: string): number {
  const seconds = numberOf('--timeout', text);
  if (seconds >= 0.1 && seconds <= 600) return Math.round(seconds * 1000);
  throw new UsageError('--timeout: must be between 0.1 and 600 seconds.');
}

/** The fields that were given as flags, before validation. */
async function optionsFromFlags(flags: RenderFlags): Promise<Record<string, unknown>> {
  const given: Record<string, unknown> = {
    page_size: flags.pageSize === undefined ? undefined : paperOf(flags.pageSize),
    landscape: flags.landscape,
    margin: flags.margin === undefined ? undefined : marginOf(flags.margin),
    scale: flags.scale === undefined ? undefined : numberOf('--scale', flags.scale),
    page_ranges: flags.pages,
    header_html: flags.header === undefined ? undefined : await readText(flags.header, 'header'),
    footer_html: flags.footer === undefined ? undefined : await readText(flags.footer, 'footer'),
    background: flags.background ? undefined : false,
    scripts: flags.scripts,
    timeout_ms: flags.timeout === undefined ? undefined : timeoutOf(flags.timeout),
    outline: flags.outline,
    locale: flags.locale,
    time_zone: flags.timeZone,
    strict: flags.strict,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function optionsFromFile(path: string): Promise<PrintOptions> {
  const parsed = PrintOptions.safeParse(await readJson(path, 'options file'));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.') || '(top level)',
    message: issue.message,
  }));
  throw new InfluxionError('VALIDATION_FAILED', `The options file ${path} is not right.`, { errors });
}

/** Errors: UsageError naming the flag, VALIDATION_FAILED or BAD_JSON for the options file. */
export async function readPrintOptions(flags: RenderFlags): Promise<PrintOptions> {
  const base = flags.options === undefined ? {} : await optionsFromFile(flags.options);
  const parsed = PrintOptions.safeParse(await optionsFromFlags(flags));
  if (parsed.success) return { ...base, ...parsed.data };
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? '');
  throw new UsageError(`${FLAG_OF[field] ?? field}: ${issue?.message ?? 'not valid'}.`);
}
