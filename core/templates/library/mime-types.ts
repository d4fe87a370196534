/** Of the files a page can use, by extension (IANA media types). */
const MIME_TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  css: 'text/css',
  gif: 'image/gif',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  otf: 'font/otf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttc: 'font/collection',
  ttf: 'font/ttf',
  txt: 'text/plain',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/** `application/octet-stream` when the extension is not known. */
export function mimeTypeOf(path: string): string {
  const extension = extensionOf(path);
  return (
    (Object.hasOwn(MIME_TYPES, extension) ? MIME_TYPES[extension] : undefined) ?? 'application/octet-stream'
  );
}

/** Images, fonts and style sheets: what a template may keep beside its HTML for the page to use. */
export function isPageFile(path: string): boolean {
  return /^(?:image|font)\/|^text\/css$/.test(mimeTypeOf(path));
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
