/** Which addresses webhooks may go to: those that the owner of the host listed, as names; what they resolve to is judged later. */

/** How far a listed address reaches. */
export interface Permit {
  /** The owner listed this very host, not a domain that it is in. */
  readonly named: boolean;
}

/** One listed address, or what is wrong with it. */
type Entry =
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'domain'; readonly suffix: string }
  | { readonly kind: 'prefix'; readonly origin: string; readonly path: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Undefined for what is none. Hosts are written as the URL standard writes them, so that `0x7f.1` and `127.0.0.1` are one. */
function parseEntry(text: string): Entry | undefined {
  if (SCHEME.test(text)) {
    const url = URL.parse(text);
    if (url === null || !isHttp(url) || url.username !== '' || url.password !== '') return undefined;
    if (url.search !== '' || url.hash !== '') return undefined;
    return { kind: 'prefix', origin: url.origin, path: url.pathname };
  }
  const isDomain = text.startsWith('*.');
  const url = URL.parse(`https://${isDomain ? text.slice(2) : text}`);
  if (url === null || url.pathname !== '/' || /[/?#@]/.test(text) || url.hostname.includes('*'))
    return undefined;
  if (isDomain) {
    return isName(url.hostname) && url.port === ''
      ? { kind: 'domain', suffix: `.${url.hostname}` }
      : undefined;
  }
  return { kind: 'host', host: url.host };
}

/** A faulty one, or undefined when all can be used. */
export function findUnusableEntry(allowed: readonly string[]): string | undefined {
  return allowed.find((text) => parseEntry(text) === undefined);
}

/** Undefined when nothing on the list covers the address. */
export function permitFor(url: URL, allowed: readonly string[]): Permit | undefined {
  if (!isHttp(url)) return undefined;
  const matching = allowed.map(parseEntry).filter((entry) => entry !== undefined && covers(entry, url));
  if (matching.length === 0) return undefined;
  return { named: matching.some((entry) => entry?.kind !== 'domain') };
}

function covers(entry: Entry, url: URL): boolean {
  switch (entry.kind) {
    case 'host':
      // `host` as in a URL: with the port where it is not the usual one of the scheme.
      return entry.host === url.host || (url.protocol === 'http:' && entry.host === `${url.hostname}:80`);
    case 'domain':
      return url.port === '' && url.hostname.endsWith(entry.suffix);
    case 'prefix':
      return entry.origin === url.origin && isUnder(url.pathname, entry.path);
  }
}

/** A path is under `/hooks` when it is that or goes on after a slash; servers may read `%2f` as one. */
function isUnder(path: string, base: string): boolean {
  if (base === '/') return true;
  if (/%2f|%5c|%2e/i.test(path)) return false;
  const folder = base.endsWith('/') ? base : `${base}/`;
  return path === base || path.startsWith(folder);
}

const isHttp = (url: URL): boolean => url.protocol === 'http:' || url.protocol === 'https:';

/** Neither a number nor in brackets. */
const isName = (hostname: string): boolean => /[a-z]/i.test(hostname) && !hostname.startsWith('[');
