/** What the middle of the screen shows, and what can be said of files by their paths. */
import type { TemplateFile } from '../../../../contract/studio/templates.ts';

export type View =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'data' }
  | { readonly kind: 'document' }
  | { readonly kind: 'assets' };

export const HTML_PATH = 'template.html';
export const CSS_PATH = 'style.css';
export const MANIFEST_PATH = 'influxion.json';
export const SCHEMA_PATH = 'schema.json';

const SAMPLE_PATH = /^samples\/(.+)\.json$/;

export const sampleName = (path: string): string | undefined => SAMPLE_PATH.exec(path)?.[1];
export const samplePath = (name: string): string => `samples/${name}.json`;

/** Text that Handlebars reads. */
export const isTemplateText = ({ kind }: Pick<TemplateFile, 'kind'>): boolean =>
  kind === 'html' || kind === 'css' || kind === 'partial';

const FONT = /\.(?:ttf|otf|woff2?)$/i;
const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|svg|bmp|ico)$/i;

export const isFontName = (name: string): boolean => FONT.test(name);
export const isImageName = (name: string): boolean => IMAGE.test(name);

/** A file name that is safe in every library: the same on every system, and in a URL. */
export const safeFileName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\\/:*?"<>|#%\p{Cc}\s]+/gu, '-')
    .replace(/^[.-]+|[.\s]+$/g, '') || 'file';

/** `name`, or `name-2`, `name-3`… when that is taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${name}-${number}`;
    if (!taken.has(next)) return next;
  }
}
