/** One record and one count a request. What went well is `debug`: at `info` the hot path writes nothing. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../ports.ts';
import type { AnsweredRequest } from '../studio/seen-requests.ts';
import type { RequestMetrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** IP address of who asks, kept from the beginning: a connection that is gone does not tell it any more. */
    remote: string;
  }
  interface FastifyContextConfig {
    /** A route of the studio's page, not of the API. */
    readonly ownPage?: boolean;
  }
}

export function observeRequests(
  app: FastifyInstance,
  metrics: RequestMetrics,
  logger: Logger,
  onAnswered: (request: AnsweredRequest) => void = () => undefined,
): void {
  app.addHook('onResponse', (request, reply, done) => {
    const pattern = request.routeOptions.url ?? '(unknown)';
    const status = reply.statusCode;
    const ms = reply.elapsedTime;
    metrics.record(`${request.method} ${pattern}`, status, ms);
    if (request.routeOptions.config.ownPage !== true) {
      const { method, url, caller, remote } = request;
      onAnswered({ method, url, status, ms, clientId: caller?.clientId, remote });
    }
    // The address itself may hold what a client typed; the pattern is enough.
    const facts = {
      requestId: request.id,
      method: request.method,
      route: pattern,
      status,
      ms: Math.round(ms * 100) / 100,
      clientId: request.caller?.clientId,
      bytes: reply.getHeader('content-length'),
    };
    if (status === 401 || status === 403 || status === 429 || status >= 500) {
      logger.warn(facts, 'request refused or failed');
    } else {
      logger.debug(facts, 'request answered');
    }
    done();
  });
}
