/** The public API over HTTP: fastify, the gate before it, the limits around it, and a graceful end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { InfluxionError } from '../error.ts';
import { createGuard } from './bearer.ts';
import { registerClientRoutes } from './routes/client-routes.ts';
import { registerBlobRoutes } from './routes/blob-routes.ts';
import { limitConnections } from './connections.ts';
import { registerDocsRoutes } from './routes/docs-routes.ts';
import { EventStreams, registerEventRoutes } from './routes/event-routes.ts';
import { createErrorHandler, handleUnknownRoutes } from './failures.ts';
import { createGate } from './gate.ts';
import { registerHealthRoutes } from './routes/health-routes.ts';
import { DEFAULT_LIMITS, type HttpDeps, type HttpLimits, type TlsIdentity } from './http-deps.ts';
import { parseJsonBody } from './json-body.ts';
import { RequestMetrics } from './metrics.ts';
import { registerHotFolderRoutes } from './routes/hot-folder-routes.ts';
import { registerKeyRoutes } from './routes/key-routes.ts';
import { registerBatchRoutes } from './routes/batch-routes.ts';
import { registerPdfRoutes } from './routes/pdf-routes.ts';
import { registerRowsRoutes } from './routes/rows-routes.ts';
import { registerVerifyRoutes } from './routes/verify-routes.ts';
import { respondRaw } from './raw-problem.ts';
import { observeRequests } from './request-log.ts';
import type { RouteContext } from './routes/route-context.ts';
import { registerTemplateRoutes } from './routes/template-routes.ts';
import { registerTokenRoutes } from './routes/token-routes.ts';
import { Waits } from './waits.ts';
import { registerWebhookRoutes } from './routes/webhook-routes.ts';

export interface InjectedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface InjectedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface HttpServer {
  /** Resolves with the URL once requests are taken. Port 0 takes a free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Where it listens; undefined before. */
  readonly url: string | undefined;
  /** Connections that are open now. */
  openConnections(): Promise<number>;
  /** A request of the owner in this process, through the same routes, without a socket. */
  inject(request: InjectedRequest): Promise<InjectedReply>;
  /** Another certificate for connections to come. Only for a server with TLS. */
  setCertificate(tls: TlsIdentity): void;
  /** Takes no more requests, lets those under way finish for `budgetMs`, then cuts them. */
  close(options: { readonly budgetMs: number }): Promise<void>;
}

const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cache-control', 'no-store'],
];

const secure = (reply: FastifyReply): void => {
  for (const [name, value] of SECURITY_HEADERS) void reply.header(name, value);
};

/** How often Node looks for requests that take too long to arrive. */
const CHECK_CONNECTIONS_MS = 2000;

/** TLS 1.2 with forward secrecy at least (RFC 9325 §3.1, §4.2). */
const TLS_OPTIONS = {
  minVersion: 'TLSv1.2',
  ciphers: 'ECDHE+AESGCM:ECDHE+CHACHA20',
  honorCipherOrder: true,
  handshakeTimeout: 10_000,
} as const;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A Node server whose requests pass `before` first. */
function createNodeServer(limits: HttpLimits, tls: TlsIdentity | undefined, before: Handler): Server {
  const options = {
    // The gate answers a missing Host with a problem.
    requireHostHeader: false,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_CONNECTIONS_MS, limits.headersTimeoutMs),
    keepAlive: true,
    noDelay: true,
  };
  const server =
    tls === undefined ? createServer(options) : createTlsServer({ ...options, ...TLS_OPTIONS, ...tls });
  server.maxHeadersCount = 100;
  server.setTimeout(limits.idleTimeoutMs);
  server.on('request', before);
  // A body that will be refused is not even invited (RFC 9110 §10.1.1).
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= limits.bodyBytes) response.writeContinue();
    before(request, response);
  });
  server.on('checkExpectation', before);
  return server;
}

function registerRoutes(app: FastifyInstance, context: RouteContext, groups: readonly RouteGroup[]): void {
  for (const group of groups) {
    void app.register((scope, _options, done) => {
      group(scope, context);
      done();
    });
  }
}

type RouteGroup = (app: FastifyInstance, context: RouteContext) => void;

const noSchemas = (): never => {
  throw new Error('Requests and replies are described by the contract, not by schemas of fastify');
};
/** Its own compilers would be loaded with every server and are a megabyte. */
const NO_SCHEMAS = { buildValidator: noSchemas, buildSerializer: noSchemas };

/** Composes the API; nothing listens before `listen`. */
export function createHttpServer(deps: HttpDeps): HttpServer {
  const limits: HttpLimits = { ...DEFAULT_LIMITS, ...deps.limits };
  const logger = deps.logger.child({ part: 'http' });
  const ownerToken = deps.ownerToken ?? randomBytes(32).toString('base64url');
  const requests = deps.requests ?? new RequestMetrics();
  const isOpen = deps.isOpen ?? (() => true);
  const streams = new EventStreams(deps.access, limits.heartbeatMs, isOpen);
  const waits = new Waits(deps.jobs, limits.idleTimeoutMs);
  const gate = createGate(deps.allowedHosts ?? []);
  const context: RouteContext = {
    ...deps,
    logger,
    limits,
    waits,
    requireScope: createGuard(deps.access, ownerToken, isOpen),
  };

  let draining = false;
  const active = new Set<ServerResponse>();
  const refusalOf = (request: IncomingMessage): InfluxionError | undefined =>
    draining
      ? new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping and takes no more requests.')
      : gate(request);

  let route: Handler = () => undefined;
  const server = createNodeServer(limits, deps.tls, (request, response) => {
    active.add(response);
    response.once('close', () => active.delete(response));
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      respondRaw(response, refusal);
      return;
    }
    route(request, response);
  });
  limitConnections(server, limits, active);

  const errorHandler = createErrorHandler(logger, limits.bodyBytes);
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    return503OnClosing: false,
    schemaController: { compilersFactory: NO_SCHEMAS },
    routerOptions: { maxParamLength: 200 },
    serverFactory: (handler) => {
      route = handler;
      return server;
    },
    // Of requests that no route was found for because their path is broken: no hook has run.
    frameworkErrors: (error, request, reply) => {
      secure(reply);
      errorHandler(error, request, reply);
    },
    // limitConnections answers what is no HTTP.
    clientErrorHandler: () => undefined,
  });
  app.decorateRequest('caller', null);
  app.setErrorHandler(errorHandler);
  handleUnknownRoutes(app);
  app.removeAllContentTypeParsers();
  app.decorateRequest('source', null);
  app.decorateRequest('remote', '');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      request.source = body as Buffer;
      done(null, parseJsonBody(request.source));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onRequest', (request, reply, done) => {
    request.remote = request.socket.remoteAddress ?? '';
    secure(reply);
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.toLowerCase() === 'identity') {
      done();
      return;
    }
    void reply.header('accept-encoding', 'identity');
    done(
      new InfluxionError(
        'UNSUPPORTED_MEDIA_TYPE',
        'Compressed bodies are not taken; send the body as it is.',
      ),
    );
  });
  observeRequests(app, requests, logger, deps.onAnswered);

  registerRoutes(app, context, [
    registerTokenRoutes,
    registerPdfRoutes,
    registerBatchRoutes,
    registerRowsRoutes,
    registerTemplateRoutes,
    registerClientRoutes,
    registerKeyRoutes,
    registerVerifyRoutes,
    registerWebhookRoutes,
    registerHotFolderRoutes,
    (scope, shared) => registerEventRoutes(scope, shared, streams),
    (scope, shared) =>
      registerHealthRoutes(scope, shared, {
        requests,
        draining: () => draining,
        eventStreams: () => streams.size,
      }),
    registerDocsRoutes,
    registerBlobRoutes,
  ]);
  if (deps.register) void app.register(deps.register);

  /** Connections that carried a request at the start of the drain are closed when it is answered. */
  const drain = (): void => {
    draining = true;
    waits.endAll();
    streams.close();
    for (const response of active) {
      response.once('close', () => setImmediate(() => server.closeIdleConnections()));
    }
  };

  let url: string | undefined;

  return {
    get url() {
      return url;
    },

    async listen({ host, port }) {
      // fastify would want a second server for the other address of localhost.
      await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
      const { address, family, port: bound } = server.address() as AddressInfo;
      url = `${deps.tls === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
      return url;
    },

    setCertificate(tls) {
      if (!(server instanceof TlsServer)) throw new Error('A server without TLS has no certificate');
      server.setSecureContext({ ...TLS_OPTIONS, ...tls });
    },

    openConnections: () => promisify(server.getConnections.bind(server))(),

    async inject({ method, url, headers, body }) {
      const reply = await app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${ownerToken}`, ...headers },
        ...(body !== undefined && { payload: typeof body === 'string' ? body : Buffer.from(body) }),
      });
      return {
        status: reply.statusCode,
        headers: Object.fromEntries(
          Object.entries(reply.headers).map(([name, value]) => [name, value?.toString()]),
        ),
        body: reply.rawPayload,
      };
    },

    async close({ budgetMs }) {
      drain();
      const closed = app.close();
      const timer = setTimeout(() => server.closeAllConnections(), budgetMs);
      try {
        await closed;
      } finally {
        clearTimeout(timer);
        if (deps.requests === undefined) requests.close();
      }
    },
  };
}
