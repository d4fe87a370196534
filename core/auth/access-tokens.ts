/** Access tokens as signed JWTs after RFC 9068, checked after RFC 8725. */
import { randomUUID, hash } from 'node:crypto';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { SCOPES, type Scope } from '../../contract/access.ts';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import type { Access } from './access-service.ts';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts';

const TYPE = 'at+jwt';
const AUDIENCE = 'urn:influxion:api';

/** Seconds that the clocks of issuer and verifier may differ; both are this host, so it covers a set-back clock. */
export const CLOCK_SKEW_SECONDS = 30;

/** Longer than any of ours; refused before any work. */
const MAX_TOKEN_LENGTH = 4096;

const MAX_REMEMBERED = 10_000;

export interface AccessTokens {
  issue(access: Access): Promise<string>;
  /** UNAUTHORIZED when it is malformed, forged or expired, or its client is gone. */
  verify(token: string): Promise<Access>;
  /** After a client was removed. */
  forget(clientId: string): void;
}

interface Remembered {
  readonly access: Access;
  readonly expiresAtMs: number;
}

export interface AccessTokensOptions {
  readonly keys: SigningKeys;
  readonly clock: Clock;
  readonly issuer: string;
  readonly lifetimeSeconds: number;
  /** False once a client was removed. */
  readonly isClient: (clientId: string) => boolean;
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { keys, clock, issuer, lifetimeSeconds, isClient } = options;
  /** Verified tokens by hash: a signature is checked once, not with every request. */
  const remembered = new Map<string, Remembered>();

  const remember = (key: string, entry: Remembered): void => {
    if (remembered.size >= MAX_REMEMBERED) {
      const [oldest] = remembered.keys();
      if (oldest !== undefined) remembered.delete(oldest);
    }
    remembered.set(key, entry);
  };

  const check = async (token: string): Promise<Remembered> => {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await keys.find(kid);
          if (key === undefined) throw new errors.JWSInvalid('unknown key');
          return key;
        },
        {
          algorithms: [SIGNING_ALGORITHM],
          typ: TYPE,
          issuer,
          audience: AUDIENCE,
          clockTolerance: CLOCK_SKEW_SECONDS,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope'],
        },
      );
      return toRemembered(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw refused(error);
      throw error;
    }
  };

  return {
    async issue({ clientId, scopes }) {
      const { kid, key } = await keys.current();
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ client_id: clientId, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(clientId)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .setJti(randomUUID())
        .sign(key);
    },
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw refused();
      const key = hash('sha256', token, 'base64');
      const known = remembered.get(key);
      if (known !== undefined) {
        if (clock.now() < known.expiresAtMs) return known.access;
        remembered.delete(key);
      }
      const checked = await check(token);
      // In the same turn as remembering it, so that a removal comes before or after both.
      if (!isClient(checked.access.clientId)) throw refused();
      remember(key, checked);
      return checked.access;
    },
    forget(clientId) {
      for (const [key, { access }] of remembered) {
        if (access.clientId === clientId) remembered.delete(key);
      }
    },
  };
}

function toRemembered({ client_id: clientId, scope, exp }: JWTPayload): Remembered {
  if (typeof clientId !== 'string' || typeof scope !== 'string' || exp === undefined) {
    throw new errors.JWTInvalid('claims of the wrong type');
  }
  return {
    access: { clientId, scopes: scope.split(' ').filter(isScope) },
    expiresAtMs: (exp + CLOCK_SKEW_SECONDS) * 1000,
  };
}

/** Says whether it expired, since a program then asks for a new one, and nothing else of what was wrong. */
function refused(cause?: unknown): InfluxionError {
  return cause instanceof errors.JWTExpired
    ? new InfluxionError('UNAUTHORIZED', 'The access token has expired.', {
        hint: 'Get a new one from POST /token.',
      })
    : new InfluxionError('UNAUTHORIZED', 'The access token is not valid.', {
        hint: 'Get a new one from POST /token.',
      });
}
