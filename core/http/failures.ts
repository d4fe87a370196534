/** Every failure of a routed request becomes a problem here; what was not expected is logged with its cause. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import { sendText } from './json-reply.ts';
import { lingerAfterReply } from './linger.ts';
import { PROBLEM_TYPE, problemOf, retryAfterSeconds, type ProblemExtras } from './problem.ts';

/** fastify's own failures (its `lib/errors.js`) in our terms; `bodyBytes` is the most that a body may be. */
export function toInfluxionError(error: unknown, bodyBytes: number): InfluxionError {
  if (InfluxionError.is(error)) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new InfluxionError(
        'BODY_TOO_LARGE',
        `The body of the request is larger than the ${sizeText(bodyBytes)} that are taken here.`,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new InfluxionError(
        'UNSUPPORTED_MEDIA_TYPE',
        'This address does not take the content type of the request.',
        { hint: 'Most calls take application/json in UTF-8; see /docs.' },
      );
    case 'FST_ERR_BAD_URL':
      return new InfluxionError('BAD_REQUEST', 'The path holds a malformed %-escape.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new InfluxionError('NOT_FOUND', 'There is nothing at this address.');
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new InfluxionError('BAD_REQUEST', 'The request did not arrive whole or is not valid HTTP.');
  }
  return InfluxionError.from(error);
}

const sizeText = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.floor(bytes / 2 ** 10)} kB` : `${Math.floor(bytes / 2 ** 20)} MB`;

export function sendProblem(reply: FastifyReply, error: InfluxionError, extras?: ProblemExtras): void {
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (error.code === 'BODY_TOO_LARGE') lingerAfterReply(reply.raw);
  void reply.header('cache-control', 'no-store');
  sendText(reply, error.status, PROBLEM_TYPE, JSON.stringify(problemOf(error, extras)));
}

export function createErrorHandler(logger: Logger, bodyBytes: number) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = toInfluxionError(thrown, bodyBytes);
    if (error.status < 500 || error.cause === undefined) {
      sendProblem(reply, error);
      return;
    }
    const facts = { requestId: request.id, route: request.routeOptions.url, err: error.cause };
    logger.error(facts, `${request.method} failed: ${error.message}`);
    sendProblem(reply, error, { instance: `urn:influxion:request:${request.id}` });
  };
}

const parameters = (url: string): number => url.split(':').length;

/** 404, or 405 with `Allow` where another method would do (RFC 9110 §15.5.6). */
export function handleUnknownRoutes(app: FastifyInstance): void {
  const methodsByPattern = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    methodsByPattern.set(url, methods);
  });
  let patterns: { readonly matches: RegExp; readonly allow: string }[] | undefined;
  const compile = () =>
    // The router takes an address without parameters before one that has them.
    [...methodsByPattern]
      .sort(([a], [b]) => parameters(a) - parameters(b))
      .map(([url, methods]) => ({
        matches: new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`),
        allow: [...methods].sort().join(', '),
      }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/[?#].*$/s, '');
    patterns ??= compile();
    const allow = patterns.find(({ matches }) => matches.test(path))?.allow;
    if (allow === undefined) {
      sendProblem(reply, new InfluxionError('NOT_FOUND', 'There is nothing at this address; see /docs.'));
      return;
    }
    void reply.header('allow', allow);
    sendProblem(
      reply,
      new InfluxionError(
        'METHOD_NOT_ALLOWED',
        `This address takes ${allow}, not ${request.method.slice(0, 20)}.`,
      ),
    );
  });
}
