/** `POST /token`: the client credentials grant (RFC 6749 §4.4). Its failures keep the shape of §5.2. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TokenError, TokenReply } from '../../../contract/access.ts';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import { apiOff } from '../bearer.ts';
import { readCredentials, TokenRequestError, type ClientCredentials } from '../client-credentials.ts';
import { toInfluxionError } from '../failures.ts';
import { sendJson } from '../json-reply.ts';
import { lingerAfterReply } from '../linger.ts';
import { retryAfterSeconds } from '../problem.ts';
import type { RouteContext } from './route-context.ts';
import { createTokenLimits } from '../token-limits.ts';

const BODY_BYTES = 16 * 1024;

/** Two ids and a scope; nobody reads a description of more than one line. */
const toOAuthError = (error: InfluxionError): TokenError['error'] => {
  if (error.code === 'UNAUTHORIZED') return 'invalid_client';
  if (error.code === 'INSUFFICIENT_SCOPE') return 'invalid_scope';
  return error.status === 429 || error.status >= 500 ? 'temporarily_unavailable' : 'invalid_request';
};

function failureOf(thrown: unknown): TokenRequestError {
  if (thrown instanceof TokenRequestError) return thrown;
  const error = toInfluxionError(thrown, BODY_BYTES);
  const code = toOAuthError(error);
  return new TokenRequestError(code, error.message, code === 'invalid_scope' ? 400 : error.status);
}

/** RFC 6749 §5.2 allows no quote, backslash or anything beyond ASCII in a description. */
const describe = (message: string): string => message.replace(/[^\x20-\x7e]|["\\]/g, "'");

function handleFailure(logger: Logger) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const failure = failureOf(thrown);
    const cause = toInfluxionError(thrown, BODY_BYTES);
    if (failure.status === 500) {
      logger.error({ requestId: request.id, err: cause.cause }, 'POST /token failed');
    }
    const retryAfter = retryAfterSeconds(cause);
    if (retryAfter !== undefined && failure.status >= 429) {
      void reply.header('retry-after', String(retryAfter));
    }
    if (failure.status === 401) void reply.header('www-authenticate', 'Basic realm="influxion"');
    if (failure.status === 413) lingerAfterReply(reply.raw);
    const body: TokenError = { error: failure.code, error_description: describe(failure.message) };
    sendJson(reply, failure.status, body);
  };
}

export function registerTokenRoutes(app: FastifyInstance, context: RouteContext): void {
  const { access, clock, logger, isOpen } = context;
  const limits = context.tokenLimits ?? createTokenLimits(clock);

  const issue = async ({ clientId, clientSecret, scope }: ClientCredentials, address: string) => {
    const wait = limits.admit(address, clientId);
    if (wait > 0) {
      throw new InfluxionError('RATE_LIMITED', 'Too many token requests; wait and try again.', {
        retryAfterSeconds: wait,
      });
    }
    try {
      return await access.issueToken(clientId, clientSecret, scope);
    } catch (error) {
      if (InfluxionError.is(error) && error.code === 'UNAUTHORIZED') limits.countFailure(clientId);
      throw error;
    }
  };

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_BYTES },
    (_request, body, done) => {
      done(null, new URLSearchParams(body as string));
    },
  );

  app.post(
    '/token',
    { bodyLimit: BODY_BYTES, errorHandler: handleFailure(logger) },
    async (request, reply) => {
      if (isOpen?.() === false) throw apiOff();
      const credentials = readCredentials(request.body, request.headers.authorization);
      const token = await issue(credentials, request.socket.remoteAddress ?? '');
      const body: TokenReply = {
        access_token: token.accessToken,
        token_type: 'bearer',
        expires_in: token.expiresInSeconds,
        scope: token.scopes.join(' '),
      };
      return sendJson(reply, 200, body);
    },
  );
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    done();
  });
}
