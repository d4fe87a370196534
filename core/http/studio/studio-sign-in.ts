/** From a one-time link to a session: `/?key=…` once, a cookie from then on. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StudioSessions } from '../../auth/studio-sessions.ts';
import { InfluxionError } from '../../error.ts';
import type { OwnerCheck } from '../bearer.ts';
import { sendJson, sendText } from '../json-reply.ts';
import { SIGN_IN_CSP, SIGN_IN_PAGE, STALE_LINK_PAGE, WELCOME_PAGE } from './sign-in-page.ts';
import { sessionCookie, sessionsOf } from './studio-cookie.ts';
import { isFromThisComputer } from './studio-guard.ts';

/** The address of a page with a key in it, for its owner's browser. */
export const studioLink = (origin: string, key: string): string => `${origin}/?key=${key}`;

/** Whether the browser that asks has signed in. */
export function hasSession(request: FastifyRequest, sessions: StudioSessions): boolean {
  const { cookie, host } = request.headers;
  return sessionsOf(cookie, host).some((session) => sessions.isOpen(session));
}

const sendPage = (reply: FastifyReply, status: number, page: string): void => {
  void reply.header('content-security-policy', SIGN_IN_CSP);
  sendText(reply, status, 'text/html; charset=utf-8', page);
};

/** A browser that only looks ahead must not use the key up, nor must HEAD. */
const looksAhead = ({ headers, method }: FastifyRequest): boolean =>
  method !== 'GET' || /\bprefetch\b/.test(`${String(headers['sec-purpose'])} ${String(headers['purpose'])}`);

/**
 * Answers a request for the page that carries a key, or comes without a session. True when it was answered. The caller
 * has made sure that it comes from this computer.
 */
export function answerSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  sessions: StudioSessions,
): boolean {
  const { key } = request.query as { key?: unknown };
  if (key === undefined) {
    if (hasSession(request, sessions)) return false;
    sendPage(reply, 401, SIGN_IN_PAGE);
    return true;
  }
  const session = typeof key === 'string' && !looksAhead(request) ? sessions.redeem(key) : undefined;
  if (session === undefined) {
    // Whoever follows his link twice is in already.
    if (hasSession(request, sessions)) void reply.redirect('/', 303);
    else sendPage(reply, 403, STALE_LINK_PAGE);
    return true;
  }
  void reply.header('set-cookie', sessionCookie(request.headers.host, session));
  if (request.headers['sec-fetch-site'] === 'cross-site') sendPage(reply, 200, WELCOME_PAGE);
  else void reply.redirect('/', 303);
  return true;
}

/** `POST /studio-link`: a fresh link for the owner at the command line, whose token only the owner's files hold. */
export function registerStudioLink(
  app: FastifyInstance,
  deps: { readonly isOwner: OwnerCheck; readonly link: () => string },
): void {
  app.post('/studio-link', (request, reply) => {
    if (!isFromThisComputer({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers })) {
      throw new InfluxionError('STUDIO_FORBIDDEN', 'Links to the studio are made on its own computer.');
    }
    if (!deps.isOwner(request)) {
      throw new InfluxionError('UNAUTHORIZED', 'Only the owner of the data folder may open the studio.');
    }
    return sendJson(reply, 200, { studio_url: deps.link() });
  });
}
