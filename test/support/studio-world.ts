/** The real HTTP server with the studio on it; behind are services that the studio never asks over HTTP. */
import { createStudioSessions } from '../../core/auth/studio-sessions.ts';
import { createOwnerCheck } from '../../core/http/bearer.ts';
import type { HttpDeps } from '../../core/http/http-deps.ts';
import { createHttpServer } from '../../core/http/server.ts';
import { sessionCookie } from '../../core/http/studio/studio-cookie.ts';
import { registerStudio } from '../../core/http/studio/studio-routes.ts';
import { studioLink } from '../../core/http/studio/studio-sign-in.ts';
import { systemClock, type Logger } from '../../core/ports.ts';
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import { createStudioRouter, type StudioHandlers } from '../../core/studio/router.ts';

export const OWNER_TOKEN = 'the-owner-of-this-test-and-nobody-else';

export interface StudioWorld extends AsyncDisposable {
  readonly url: string;
  /** Names of the calls that were let in. */
  readonly calls: string[];
  /** A one-time link to the page. */
  link(): string;
  /** Stops the server as the host does, with patience for what is under way. */
  close(budgetMs: number): Promise<void>;
  /** A `Cookie` header of a new session. */
  signIn(): string;
}

const never = (): never => {
  throw new Error('The studio is not expected to ask for this');
};

/** Stands for services that nothing here calls. */
const unused = <Service extends object>(): Service => new Proxy({}, { get: () => never }) as Service;

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export async function openStudioWorld(rendererDir: string): Promise<StudioWorld> {
  const sessions = createStudioSessions(systemClock);
  const calls: string[] = [];
  // The calls themselves have tests of their own.
  const router = createStudioRouter({} as StudioHandlers, silent);
  const deps: HttpDeps = {
    jobs: unused(),
    batches: unused(),
    templates: unused(),
    access: unused(),
    keys: unused(),
    verifier: unused(),
    webhooks: unused(),
    hotFolders: unused(),
    allowedAddresses: unused(),
    health: () => ({
      status: 'ready',
      checks: { store: 'ok', engine: 'ok', disk: 'ok' },
      queue: { received: 0, in_progress: 0 },
    }),
    logger: silent,
    clock: systemClock,
    version: '0.1.0',
  };
  const http = createHttpServer({
    ...deps,
    ownerToken: OWNER_TOKEN,
    register: async (app) => {
      await app.register(registerStudio, {
        rendererDir,
        sessions,
        isOwner: createOwnerCheck(OWNER_TOKEN),
        link: () => studioLink(url, sessions.issueKey()),
        router: {
          handle: (name, input, call) => {
            calls.push(name);
            return router.handle(name, input, call);
          },
        },
        events: new StudioEventHub(),
      });
    },
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });

  let closed: Promise<void> | undefined;
  const world: StudioWorld = {
    url,
    calls,
    link: () => studioLink(url, sessions.issueKey()),
    signIn: () =>
      sessionCookie(new URL(url).host, sessions.redeem(sessions.issueKey()) ?? '').replace(/;.*/s, ''),
    close: (budgetMs) => (closed ??= http.close({ budgetMs })),
    [Symbol.asyncDispose]: () => world.close(0),
  };
  return world;
}
