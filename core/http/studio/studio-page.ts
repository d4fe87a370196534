/**
 * The files of the studio's page, listed once: what is not in the list does not exist, so no path leads anywhere else.
 * They are read when they are asked for: a host that nobody looks at does not hold megabytes of editor.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface PageFile {
  read(): Promise<Buffer>;
  readonly mimeType: string;
  /** The name carries a hash of the content, so a browser may keep it for good. */
  readonly immutable: boolean;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/**
 * No inline script, no eval and nothing from elsewhere. Inline styles are Monaco's, which colours text by rules that it
 * writes itself; `blob:` is a PDF or an image of a template, held by the page. A frame with a PDF inherits this policy.
 */
export const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  'frame-src blob:',
  'object-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The page by URL path (`/`, `/assets/…`); empty when it has not been built. */
export async function loadPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return files;
    throw error;
  }
  for (const entry of entries) {
    const mimeType = MIME_TYPES[path.extname(entry.name)];
    if (!entry.isFile() || mimeType === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    files.set(url === '/index.html' ? '/' : url, {
      read: () => readFile(file),
      mimeType,
      immutable: url.startsWith('/assets/'),
    });
  }
  return files;
}
