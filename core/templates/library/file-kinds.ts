/** What a file of a template is for, by where it lies; what a person may put there, and how large it may be. */
import type { FILE_KINDS } from '../../../contract/studio/templates.ts';
import { InfluxionError } from '../../error.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { isPageFile, mimeTypeOf } from './mime-types.ts';
import { HTML_FILE, MAX_TEXT_BYTES } from './template-loader.ts';

export type FileKind = (typeof FILE_KINDS)[number];

export const SCHEMA_FILE = 'schema.json';
export const SAMPLE_FILE = /^samples\/([^/]+)\.json$/;
export const PARTIAL_FILE = /^partials\/(.+)\.(?:hbs|handlebars|html)$/;
export const ASSET_FILE = /^(?:assets|fonts)\//;

export const MAX_SAMPLE_BYTES = 64_000_000;
/** A picture of a page or a font of all the world's scripts; more is a mistake. */
export const MAX_ASSET_BYTES = 100_000_000;

const TEXTS: ReadonlySet<FileKind> = new Set(['html', 'css', 'partial', 'sample', 'schema', 'manifest']);

export function fileKind(path: string): FileKind {
  if (path === HTML_FILE) return 'html';
  if (path === MANIFEST_FILE) return 'manifest';
  if (path === SCHEMA_FILE) return 'schema';
  if (SAMPLE_FILE.test(path)) return 'sample';
  if (PARTIAL_FILE.test(path)) return 'partial';
  const isBeside = !path.includes('/') && isPageFile(path);
  if (!isBeside && !ASSET_FILE.test(path)) return 'other';
  const type = mimeTypeOf(path);
  if (type === 'text/css') return 'css';
  return type.startsWith('font/') ? 'font' : 'asset';
}

/** Whether it is edited as text, and so has a history. */
export const isTextKind = (kind: FileKind): boolean => TEXTS.has(kind);

export function maxBytes(kind: FileKind): number {
  if (kind === 'sample') return MAX_SAMPLE_BYTES;
  return isTextKind(kind) ? MAX_TEXT_BYTES : MAX_ASSET_BYTES;
}

/** The kind of a file that is to be changed. Errors: TEMPLATE_INVALID for one that has no place in a template. */
export function changeableKind(path: string): FileKind {
  const kind = fileKind(path);
  if (kind !== 'other') return kind;
  throw new InfluxionError('TEMPLATE_INVALID', `"${path}" is not a file that a template uses.`, {
    hint:
      `It has ${HTML_FILE}, style.css, ${SCHEMA_FILE} and ${MANIFEST_FILE}, partials/NAME.hbs, samples/NAME.json, ` +
      'and images and fonts in assets/ and fonts/.',
  });
}
