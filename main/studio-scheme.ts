/** `app://studio/`: the files of the page, from a list that was made at the start, so that no path leads anywhere else. */
import type { Protocol } from 'electron';
import { loadPage, PAGE_CSP, type PageFile } from '../core/http/studio/studio-page.ts';
import { STUDIO_ORIGIN } from './ipc/studio-sender.ts';

const SCHEME = 'app';

/** For `protocol.registerSchemesAsPrivileged`, before the app is ready. */
export const STUDIO_SCHEME = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

const HEADERS = {
  'content-security-policy': PAGE_CSP,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** Answers one request for a file of the page. */
export async function answerStudioRequest(
  files: ReadonlyMap<string, PageFile>,
  request: { readonly method: string; readonly url: string },
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
  const url = URL.parse(request.url);
  if (url === null || `${url.protocol}//${url.host}` !== STUDIO_ORIGIN)
    return new Response(null, { status: 404 });
  const file = files.get(url.pathname);
  if (file === undefined) return new Response(null, { status: 404, headers: HEADERS });
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(await file.read()), {
    headers: { ...HEADERS, 'content-type': file.mimeType },
  });
}

/** Serves the built page in one session; other sessions do not know the scheme. Files of the computer are not to be had there. */
export async function serveStudio(protocol: Pick<Protocol, 'handle'>, folder: string): Promise<void> {
  const files = await loadPage(folder);
  protocol.handle(SCHEME, (request) => answerStudioRequest(files, request));
  protocol.handle('file', () => new Response(null, { status: 403 }));
}
