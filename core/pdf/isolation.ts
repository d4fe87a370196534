/**
 * What a printed document may reach, the same for every engine: its own assets, from memory, and nothing else. The
 * policy is one layer of several; sockets that no interception sees are the engine's to stop (dead proxy).
 */
import { DOCUMENT_ORIGIN } from './engine.ts';

export const DOCUMENT_URL = `${DOCUMENT_ORIGIN}/`;

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

const STATIC_POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
].join('; ');

const SCRIPTED_POLICY = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:",
  "style-src 'self' 'unsafe-inline' data: blob:",
  "img-src 'self' data: blob:",
  "font-src 'self' data: blob:",
  "connect-src 'self' data: blob:",
  "worker-src 'none'",
  "webrtc 'block'",
].join('; ');

/** Response headers of the document itself. */
export function documentHeaders(scripts: boolean): HeaderField[] {
  return [
    { name: 'Content-Type', value: 'text/html; charset=utf-8' },
    { name: 'Content-Security-Policy', value: scripts ? SCRIPTED_POLICY : STATIC_POLICY },
    { name: 'Cache-Control', value: 'no-store' },
    { name: 'Referrer-Policy', value: 'no-referrer' },
    { name: 'X-DNS-Prefetch-Control', value: 'off' },
    { name: 'X-Content-Type-Options', value: 'nosniff' },
  ];
}

/**
 * Response headers of an asset. Under CSP `sandbox` the document's origin is opaque, so fonts and scripts are fetched
 * with CORS and silently fall back without `Access-Control-Allow-Origin`.
 */
export function assetHeaders(mimeType: string): HeaderField[] {
  return [
    { name: 'Content-Type', value: mimeType },
    { name: 'Access-Control-Allow-Origin', value: '*' },
    { name: 'Cache-Control', value: 'no-store' },
    { name: 'X-Content-Type-Options', value: 'nosniff' },
  ];
}

export interface RequestFacts {
  readonly url: string;
  readonly method: string;
  /** True for a navigation of the page itself. */
  readonly mainFrame: boolean;
}

export type Verdict =
  /** The document itself, when the engine is about to load it; a foreign navigation otherwise. */
  | { readonly kind: 'document' }
  /** To be looked up among the assets of the job. */
  | { readonly kind: 'asset'; readonly path: string }
  /** To be answered with 204, so that the page stays: a failed one would print Chromium's error page. */
  | { readonly kind: 'navigation' }
  | { readonly kind: 'blocked' }
  /** What a browser asks for by itself; not worth a warning. */
  | { readonly kind: 'ignored' };

/** Decides on one request; whatever is not plainly the document's own asset is blocked. */
export function judgeRequest(request: RequestFacts): Verdict {
  if (request.mainFrame) return request.url === DOCUMENT_URL ? { kind: 'document' } : { kind: 'navigation' };
  // The inspector asks for the document once more to look at its style sheets.
  if (request.url === DOCUMENT_URL && request.method === 'GET') return { kind: 'ignored' };
  const path = assetPath(request.url);
  if (path === undefined || request.method !== 'GET') return { kind: 'blocked' };
  if (path === 'favicon.ico') return { kind: 'ignored' };
  return { kind: 'asset', path };
}

/** `img/logo.png` for `https://doc.influxion.invalid/img/logo.png?v=2`; undefined for what is not under our origin. */
export function assetPath(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname, username, password } = new URL(url);
  if (origin !== DOCUMENT_ORIGIN || username !== '' || password !== '') return undefined;
  try {
    const path = decodeURIComponent(pathname).replace(/^\/+/, '');
    return path === '' ? undefined : path;
  } catch {
    return undefined;
  }
}

/** `assetPath` of what a document names by `reference`, as long as it has no `<base>`. */
export const assetPathOf = (reference: string): string | undefined =>
  URL.canParse(reference, DOCUMENT_URL) ? assetPath(new URL(reference, DOCUMENT_URL).href) : undefined;

const SHOWN_URL_LENGTH = 200;

/** A URL as it may stand in a warning: without data, credentials and endless queries. */
export function shownUrl(url: string): string {
  if (/^data:/i.test(url)) return `${url.slice(0, Math.min(32, url.indexOf(',') + 1 || 32))}…`;
  const text = url.startsWith(DOCUMENT_URL)
    ? url.slice(DOCUMENT_URL.length)
    : url.replace(/\/\/[^/@]*@/, '//');
  return text.length > SHOWN_URL_LENGTH ? `${text.slice(0, SHOWN_URL_LENGTH)}…` : text;
}
