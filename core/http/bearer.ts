/** Who asks: bearer tokens (RFC 6750) and the owner's own token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Scope } from '../../contract/access.ts';
import type { AccessService } from '../auth/access-service.ts';
import { InfluxionError } from '../error.ts';
import type { Caller } from '../jobs/job-service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of a route; null where none stands. */
    caller: Caller | null;
  }
}

/** The person whose computer this is, using the command line. */
export const OWNER: Caller = { clientId: 'owner', admin: true };

/** For what a program is not even told of. Errors: NOT_FOUND. */
export function assertOwner(request: FastifyRequest): void {
  if (callerOf(request) !== OWNER) {
    throw new InfluxionError('NOT_FOUND', 'There is nothing at this address.');
  }
}

const REALM = 'Bearer realm="influxion"';
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The caller that the route's guard let in. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('A route that needs a caller has no guard');
  return request.caller;
}

/** The token of an Authorization header; undefined when there is none of that scheme. */
export function bearerToken(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  return header === undefined ? undefined : BEARER.exec(header)?.[1];
}

/** Makes the hook that stands before a route and asks for a scope. */
export type RequireScope = (scope: Scope) => onRequestHookHandler;

/** Whether a request carries the owner's own token. */
export type OwnerCheck = (request: FastifyRequest) => boolean;

export function createOwnerCheck(ownerToken: string): OwnerCheck {
  const isOwner = ownerTokenCheck(ownerToken);
  return (request) => {
    const token = bearerToken(request);
    return token !== undefined && isOwner(token);
  };
}

function ownerTokenCheck(ownerToken: string): (token: string) => boolean {
  const ownerDigest = digest(ownerToken);
  const ownerLength = ownerToken.length;
  return (token) => token.length === ownerLength && timingSafeEqual(digest(token), ownerDigest);
}

/** What a program is told while the API is off. */
export const apiOff = (): InfluxionError =>
  new InfluxionError('API_OFF', 'The API is switched off.', {
    hint: 'The owner of this computer switches it on in the studio, under API.',
  });

/** `isOpen`: whether programs may use the API at all; the owner always may. */
export function createGuard(access: AccessService, ownerToken: string, isOpen: () => boolean): RequireScope {
  const isOwner = ownerTokenCheck(ownerToken);

  return (scope) => (request, reply, done) => {
    const token = bearerToken(request);
    if (token === undefined) {
      done(withoutToken(request, reply));
      return;
    }
    if (isOwner(token)) {
      request.caller = OWNER;
      done();
      return;
    }
    if (!isOpen()) {
      done(apiOff());
      return;
    }
    access.verifyToken(token).then(
      ({ clientId, scopes }) => {
        if (!scopes.includes(scope)) {
          done(insufficientScope(reply, scope));
          return;
        }
        request.caller = { clientId, admin: scopes.includes('admin') };
        done();
      },
      (error: unknown) => {
        const failure = InfluxionError.from(error);
        if (failure.code === 'UNAUTHORIZED') challenge(reply, 'invalid_token', failure.message);
        done(failure);
      },
    );
  };
}

/** RFC 6750 §3: no credentials, no error code; a token in the address (§2.3) would end up in logs and histories. */
function withoutToken(request: FastifyRequest, reply: FastifyReply): InfluxionError {
  const query = request.raw.url?.indexOf('access_token=') ?? -1;
  if (query > 0) {
    challenge(reply, 'invalid_request', 'Send the token in the Authorization header.');
    return new InfluxionError(
      'BAD_REQUEST',
      'Access tokens are not taken from the address; send "Authorization: Bearer <token>".',
    );
  }
  if (/^bearer\b/i.test(request.headers.authorization ?? '')) {
    challenge(reply, 'invalid_token', 'The Authorization header holds no token that could be read.');
  } else {
    void reply.header('www-authenticate', REALM);
  }
  return new InfluxionError('UNAUTHORIZED', 'This call needs an access token.', {
    hint: 'Get one from POST /token and send it as "Authorization: Bearer <token>".',
  });
}

function insufficientScope(reply: FastifyReply, scope: Scope): InfluxionError {
  const message = `This call needs the scope "${scope}", which the access token does not have.`;
  void reply.header(
    'www-authenticate',
    `${REALM}, error="insufficient_scope", error_description="The token lacks a scope", scope="${scope}"`,
  );
  return new InfluxionError('INSUFFICIENT_SCOPE', message);
}

/** The description must keep to printable ASCII without quote and backslash (RFC 6750 §3). */
function challenge(reply: FastifyReply, error: string, description: string): void {
  const text = description.replace(/[^\x20-\x7e]|["\\]/g, "'");
  void reply.header('www-authenticate', `${REALM}, error="${error}", error_description="${text}"`);
}
