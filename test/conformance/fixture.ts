/** One document of the suite: a template under test/fixtures/standards or a sample, and what shall come of it. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerateRequest } from '../../contract/job.ts';
import type { PdfStandard } from '../../contract/standard.ts';
import { LEVELS, type Level } from './levels.ts';

const FOLDER = path.join(import.meta.dirname, '../fixtures/standards');

export interface Fixture {
  /** In the table of results; that of the file unless `file` says otherwise. */
  readonly name: string;
  /** Under test/fixtures/standards, without the ending. */
  readonly file: string;
  readonly request: Omit<GenerateRequest, 'html_template' | 'pdf_standard'>;
  /** A template of assets/samples instead of a file. */
  readonly sample: { readonly id: string; readonly data: string } | undefined;
  /** Where it is made; the others have nothing to add. */
  readonly levels: readonly Level[];
  /** The rules of veraPDF that the author breaks, by standard; whatever is not named conforms. */
  readonly breaks: ReadonlyMap<PdfStandard, readonly string[]>;
  /** What PDFBox preflight complains about at 1b where veraPDF does not: the author's doing, at a level that does not ask for it. */
  readonly preflight: readonly string[];
}

interface FixtureOptions extends Omit<GenerateRequest, 'html_template' | 'pdf_standard'> {
  readonly file?: string;
  readonly sample?: Fixture['sample'];
  /** Names of levels, `1a 1b`; default all. */
  readonly levels?: string;
  /** Standards and the rules that are broken there: `{ '1a 1b': '6.4-2' }`. */
  readonly breaks?: Readonly<Record<string, string>>;
  /** Codes of preflight, `1.0.6`. */
  readonly preflight?: string;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function standardNamed(name: string): PdfStandard {
  const found = LEVELS.find((level) => level.name === name && level.standards.length === 1)?.standards[0];
  if (found === undefined) throw new Error(`There is no standard ${name}`);
  return found;
}

/** An entry of the catalogue. */
export function fixture(name: string, options: FixtureOptions = {}): Fixture {
  const { file = name, sample, levels, breaks = {}, preflight = '', ...request } = options;
  const wanted = levels === undefined ? undefined : words(levels);
  const chosen = LEVELS.filter((level) => wanted?.includes(level.name) ?? true);
  if (wanted !== undefined && chosen.length !== wanted.length) throw new Error(`${name}: unknown level`);
  const rules = Object.entries(breaks).flatMap(([standards, list]) =>
    words(standards).map((standard) => [standardNamed(standard), words(list)] as const),
  );
  return { name, file, sample, request, levels: chosen, breaks: new Map(rules), preflight: words(preflight) };
}

/** The rules that a fixture shall break at a level, by standard; empty when it shall conform. */
export const brokenAt = ({ breaks }: Fixture, { standards }: Level): Map<PdfStandard, readonly string[]> =>
  new Map(
    standards.flatMap((standard) => (breaks.has(standard) ? [[standard, breaks.get(standard) ?? []]] : [])),
  );

const files = globSync('**/*', { cwd: FOLDER, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(html|md)$/.test(entry.name))
  .map((entry) => path.relative(FOLDER, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));

/** Settings that a file states in comments before its doctype: `<!-- header: … -->`, `<!-- footer: … -->`. */
function stated(html: string): { header_html?: string; footer_html?: string } {
  const part = (name: string): string | undefined =>
    new RegExp(`^<!-- ${name}: (.*) -->$`, 'm').exec(html.slice(0, html.indexOf('<!doctype')))?.[1];
  const [header, footer] = [part('header'), part('footer')];
  return {
    ...(header !== undefined && { header_html: header }),
    ...(footer !== undefined && { footer_html: footer }),
  };
}

/** The request that makes it, but for the standard: the text, its files, its settings. */
export function requestOf({ name, file, sample, request }: Fixture): GenerateRequest {
  if (sample !== undefined) {
    const data = path.join(
      import.meta.dirname,
      '../../assets/samples',
      sample.id,
      'samples',
      `${sample.data}.json`,
    );
    return { ...request, html_template: { id: sample.id }, data: JSON.parse(readFileSync(data, 'utf8')) };
  }
  const source = path.join(FOLDER, `${file}.html`);
  if (!existsSync(source)) throw new Error(`The fixture ${name} has no ${file}.html`);
  const html = readFileSync(source, 'utf8');
  const assets = files
    .filter((asset) => html.includes(asset))
    .map((asset) => [asset, readFileSync(path.join(FOLDER, asset)).toString('base64')]);
  return {
    ...request,
    options: { ...stated(html), ...request.options },
    html_template: { content: html.slice(html.indexOf('<!doctype')) },
    assets: Object.fromEntries(assets) as Record<string, string>,
  };
}

/** Names of all templates of the folder. */
export const templateFiles = (): string[] =>
  globSync('*.html', { cwd: FOLDER })
    .map((name) => name.replace(/\.html$/, ''))
    .sort();
