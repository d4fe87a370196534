/** The studio's page at `/` and its calls under `/studio`, see contract/studio/table.ts. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { StudioSessions } from '../../auth/studio-sessions.ts';
import { InfluxionError } from '../../error.ts';
import type { OwnerCheck } from '../bearer.ts';
import { assertStudioEvents, assertStudioRequest, isFromThisComputer } from './studio-guard.ts';
import { loadPage, PAGE_CSP, type PageFile } from './studio-page.ts';
import { registerStudioRpc, type StudioRpcDeps } from './studio-rpc-routes.ts';
import { answerSignIn, hasSession, registerStudioLink } from './studio-sign-in.ts';

export interface StudioDeps extends StudioRpcDeps {
  readonly sessions: StudioSessions;
  readonly isOwner: OwnerCheck;
  /** A fresh one-time link to the page. */
  readonly link: () => string;
  /** The built page, `dist/renderer`. */
  readonly rendererDir: string;
}

const notSignedIn = (): InfluxionError =>
  new InfluxionError('STUDIO_SIGN_IN', 'This browser is not signed in to the studio.', {
    hint: 'Influxion may have been started anew. "influxion studio" in a terminal prints a link that signs in.',
  });

function serveStudioApi(app: FastifyInstance, deps: StudioDeps): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const sender = { remoteAddress: request.raw.socket.remoteAddress, headers: request.headers };
    const isEvents = request.routeOptions.url === '/studio/events';
    if (isEvents) assertStudioEvents(sender);
    else assertStudioRequest(sender);
    if (!hasSession(request, deps.sessions)) throw notSignedIn();
    done();
  });
  registerStudioRpc(app, deps);
}

const NOT_BUILT = 'The page of the studio is not built. Run "npm run build" and start Influxion again.\n';

async function servePage(app: FastifyInstance, { rendererDir, sessions }: StudioDeps): Promise<void> {
  const files = await loadPage(rendererDir);
  const sendFile = async (reply: FastifyReply, file: PageFile): Promise<FastifyReply> =>
    reply
      .type(file.mimeType)
      .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('content-security-policy', PAGE_CSP)
      .header('cross-origin-opener-policy', 'same-origin')
      .send(await file.read());

  app.get('/', (request, reply) => {
    if (!isFromThisComputer({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers })) {
      return reply.redirect('/docs');
    }
    if (answerSignIn(request, reply, sessions)) return reply;
    const index = files.get('/');
    return index === undefined
      ? reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
      : sendFile(reply, index);
  });
  for (const [url, file] of files) if (url !== '/') app.get(url, (_request, reply) => sendFile(reply, file));
}

/** A fastify plugin. Errors are thrown as InfluxionError for the server's own error handler. */
export async function registerStudio(app: FastifyInstance, deps: StudioDeps): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, ownPage: true };
  });
  await servePage(app, deps);
  registerStudioLink(app, deps);
  await app.register(
    (scope, _options, done) => {
      serveStudioApi(scope, deps);
      done();
    },
    { prefix: '/studio' },
  );
}
