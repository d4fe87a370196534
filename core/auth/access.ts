/** API clients and the tokens they get for their secrets. */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { SCOPES, type ApiClient, type Scope } from '../../contract/access.ts';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger, SecretStore } from '../ports.ts';
import { createClientRepository, type StoredClient } from '../store/client-repository.ts';
import type { Db } from '../store/db.ts';
import type { AccessService } from './access-service.ts';
import { CLOCK_SKEW_SECONDS, createAccessTokens } from './access-tokens.ts';
import { createDecoyRecord, createSecret, createSecretHasher } from './client-secret.ts';
import { createSigningKeys } from './signing-keys.ts';

export interface AccessOptions {
  readonly db: Db;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The `iss` of tokens, a URI. */
  readonly issuer?: string;
  /** Default one hour. */
  readonly tokenLifetimeSeconds?: number;
  /** Default 90 days. */
  readonly rotateKeysAfterMs?: number;
}

const DEFAULT_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin');
const DAY_MS = 24 * 60 * 60_000;

/** `last_used_at` need not be written with every token. */
const USE_RESOLUTION_MS = 60_000;

const toApiClient = (client: StoredClient): ApiClient => ({
  client_id: client.clientId,
  name: client.name,
  scopes: [...client.scopes],
  created_at: new Date(client.createdAt).toISOString(),
  last_used_at: client.lastUsedAt === null ? null : new Date(client.lastUsedAt).toISOString(),
  webhook_url: client.webhookUrl,
});

export function createAccessService(options: AccessOptions): AccessService {
  const { db, secrets, clock, logger } = options;
  const lifetimeSeconds = options.tokenLifetimeSeconds ?? 3600;
  const clients = createClientRepository(db);
  const hasher = createSecretHasher();
  const keys = createSigningKeys({
    secrets,
    clock,
    rotateAfterMs: options.rotateKeysAfterMs ?? 90 * DAY_MS,
    keepRetiredMs: (lifetimeSeconds + CLOCK_SKEW_SECONDS) * 1000,
  });
  const tokens = createAccessTokens({
    keys,
    clock,
    issuer: options.issuer ?? 'urn:influxion',
    lifetimeSeconds,
    isClient: (clientId) => clients.find(clientId) !== undefined,
  });

  const decoy = createDecoyRecord();
  /** Secrets that scrypt found right, under a key of this process: a client that asks often costs no 40 ms each time. */
  const knownGood = new Map<string, Buffer>();
  const processKey = randomBytes(32);
  const quickDigest = (secret: string): Buffer => createHmac('sha256', processKey).update(secret).digest();

  /** Checks under way, so that many who sign in at once with the same secret share one. */
  const checking = new Map<string, Promise<boolean>>();

  const secretMatches = async (client: StoredClient | undefined, clientId: string, secret: string) => {
    const digest = quickDigest(secret);
    const good = client && knownGood.get(clientId);
    if (good !== undefined && timingSafeEqual(good, digest)) return true;
    const key = `${digest.toString('base64')} ${clientId}`;
    let check = checking.get(key);
    if (check === undefined) {
      check = hasher.matches(secret, client?.secretHash ?? decoy).finally(() => checking.delete(key));
      checking.set(key, check);
    }
    const matches = await check;
    if (client !== undefined && matches) knownGood.set(clientId, digest);
    return client !== undefined && matches;
  };

  const markUsed = (client: StoredClient): void => {
    const now = clock.now();
    if (client.lastUsedAt !== null && Math.abs(now - client.lastUsedAt) < USE_RESOLUTION_MS) return;
    clients.markUsed(client.clientId, now).catch((error: unknown) => {
      logger.warn({ err: error }, 'the time of last use of a client could not be written');
    });
  };

  return {
    async createClient({ name, scopes }) {
      const secret = createSecret();
      const client: StoredClient = {
        clientId: randomUUID(),
        name,
        scopes: scopes ? [...new Set(scopes)] : DEFAULT_SCOPES,
        secretHash: await hasher.hash(secret),
        createdAt: clock.now(),
        lastUsedAt: null,
        webhookUrl: null,
      };
      await clients.add(client);
      return { ...toApiClient(client), client_secret: secret };
    },

    listClients() {
      return clients.list().map(toApiClient);
    },

    removeClient(clientId) {
      const removed = clients.remove(clientId);
      knownGood.delete(clientId);
      tokens.forget(clientId);
      if (!removed) throw new InfluxionError('CLIENT_NOT_FOUND', 'There is no API client of that id.');
    },

    async issueToken(clientId, clientSecret, scope) {
      const matches = await secretMatches(clients.find(clientId), clientId, clientSecret);
      // Asked anew: it may have been removed while its secret was checked.
      const client = clients.find(clientId);
      if (client === undefined) knownGood.delete(clientId);
      if (!matches || client === undefined) {
        throw new InfluxionError('UNAUTHORIZED', 'The client id or the client secret is wrong.');
      }
      const scopes = grantScopes(scope, client.scopes);
      const accessToken = await tokens.issue({ clientId, scopes });
      markUsed(client);
      return { accessToken, expiresInSeconds: lifetimeSeconds, scopes };
    },

    verifyToken: (token) => tokens.verify(token),
  };
}

/** `api://…/.default` is how Microsoft's identity platform writes "all that was granted"; the published page uses it. */
const DEFAULT_SCOPE = /(?:^|\/)\.default$/;

function grantScopes(asked: string | undefined, allowed: readonly Scope[]): readonly Scope[] {
  const names = (asked ?? '').split(' ').filter((name) => name !== '');
  if (names.length === 0 || names.some((name) => DEFAULT_SCOPE.test(name))) return allowed;
  const beyond = names.filter((name) => !(allowed as readonly string[]).includes(name));
  if (beyond.length > 0) {
    throw new InfluxionError(
      'INSUFFICIENT_SCOPE',
      `This client may not have every scope it asks for; it may have ${allowed.join(', ')}.`,
    );
  }
  return allowed.filter((scope) => names.includes(scope));
}
