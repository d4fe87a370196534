import { createHook } from 'node:async_hooks';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedClient, Scope } from '../../../contract/access.ts';
import type { AccessService } from '../../../core/auth/access-service.ts';
import { createAccessService } from '../../../core/auth/access.ts';
import { createSecretHasher } from '../../../core/auth/client-secret.ts';
import type { SecretStore } from '../../../core/ports.ts';
import type { Db } from '../../../core/store/db.ts';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { createFileSecretStore } from '../../../headless/secret-store.ts';
import { recordingLogger } from '../../support/http-logger.ts';
import { MovableClock } from '../../support/http-world.ts';

const DAY_MS = 24 * 60 * 60_000;
const UNAUTHORIZED = expect.objectContaining({ code: 'UNAUTHORIZED' }) as unknown;

describe('API clients and their tokens', () => {
  let folder: string;
  let db: Db;
  let secrets: SecretStore;
  let clock: MovableClock;
  let access: AccessService;
  let client: CreatedClient;

  const open = (): AccessService => createAccessService({ db, secrets, clock, logger: recordingLogger([]) });
  const issue = async (scope?: string): Promise<string> =>
    (await access.issueToken(client.client_id, client.client_secret, scope)).accessToken;

  const openWorld = async (): Promise<void> => {
    folder = mkdtempSync(path.join(tmpdir(), 'influxion-access-'));
    db = openDatabase(path.join(folder, 'influxion.db'), { logger: recordingLogger([]) });
    secrets = createFileSecretStore({ folder: path.join(folder, 'secrets') });
    clock = new MovableClock();
    access = open();
    client = await access.createClient({ name: 'test', scopes: ['pdf', 'templates.read'] });
  };
  const closeWorld = (): void => {
    db.close();
    rmSync(folder, { recursive: true });
  };

  describe('each', () => {
    beforeEach(openWorld);
    afterEach(closeWorld);

    it('keeps no secret in clear, on disk or in the list', () => {
      const everything = ['influxion.db', 'influxion.db-wal'].map((file) =>
        readFileSync(path.join(folder, file)),
      );
      expect(Buffer.concat(everything).includes(client.client_id)).toBe(true);
      expect(Buffer.concat(everything).includes(client.client_secret)).toBe(false);
      expect(JSON.stringify(access.listClients())).not.toContain(client.client_secret);
      expect(client.client_secret.length).toBeGreaterThanOrEqual(43);
    });

    it('gives new clients everything but admin', async () => {
      const plain = await access.createClient({ name: 'plain' });
      expect(plain.scopes).toEqual(['pdf', 'templates.read', 'templates.write']);
    });

    it('signs tokens as RFC 9068 has them', async () => {
      const token = await issue();
      expect(decodeProtectedHeader(token)).toEqual({
        alg: 'ES256',
        typ: 'at+jwt',
        kid: expect.any(String) as string,
      });
      const claims = decodeJwt(token);
      expect(claims).toMatchObject({
        iss: 'urn:influxion',
        aud: 'urn:influxion:api',
        sub: client.client_id,
        client_id: client.client_id,
        scope: 'pdf templates.read',
        jti: expect.any(String) as string,
      });
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
      expect(decodeJwt(await issue()).jti).not.toBe(claims.jti);
    });

    it('survives a restart: tokens, clients and secrets are kept', async () => {
      const token = await issue();
      access = open();
      expect(await access.verifyToken(token)).toEqual({
        clientId: client.client_id,
        scopes: ['pdf', 'templates.read'],
      });
      expect(await issue()).toBeTypeOf('string');
    });

    it('remembers when a client was last used', async () => {
      expect(access.listClients()[0]?.last_used_at).toBeNull();
      await issue();
      await expect.poll(() => access.listClients()[0]?.last_used_at).toMatch(/Z$/);
    });

    it('refuses wrong secrets also after a right one was seen, and right ones after the client is gone', async () => {
      await issue();
      await expect(
        access.issueToken(client.client_id, `${client.client_secret}x`, undefined),
      ).rejects.toEqual(UNAUTHORIZED);
      await expect(access.issueToken(client.client_id, '', undefined)).rejects.toEqual(UNAUTHORIZED);
      access.removeClient(client.client_id);
      await expect(issue()).rejects.toEqual(UNAUTHORIZED);
    });

    it('does as much work for an unknown client as for a wrong secret: the time must not tell which ids exist', async () => {
      const hashesOf = async (clientId: string): Promise<number> => {
        let hashes = 0;
        const hook = createHook({ init: (_id, type) => void (hashes += type === 'SCRYPTREQUEST' ? 1 : 0) });
        hook.enable();
        await expect(access.issueToken(clientId, 'wrong', undefined)).rejects.toEqual(UNAUTHORIZED);
        hook.disable();
        return hashes;
      };
      expect(await hashesOf(client.client_id)).toBe(1);
      expect(await hashesOf('nobody')).toBe(1);
    });

    it('lets a removed client no further, whether its token was seen before or not', async () => {
      const seen = await issue();
      const unseen = await issue();
      await access.verifyToken(seen);
      access.removeClient(client.client_id);
      for (const token of [seen, unseen])
        await expect(access.verifyToken(token)).rejects.toEqual(UNAUTHORIZED);
      expect(() => access.removeClient(client.client_id)).toThrow(
        expect.objectContaining({ code: 'CLIENT_NOT_FOUND' }),
      );
    });

    it('lets tokens expire, remembered ones too, with at most a minute of grace', async () => {
      const token = await issue();
      await access.verifyToken(token);
      clock.advance(3600_000 + 10_000);
      await access.verifyToken(token);
      clock.advance(50_000);
      await expect(access.verifyToken(token)).rejects.toEqual(UNAUTHORIZED);
      await expect(access.verifyToken(token)).rejects.toThrow(/expired/);
    });

    it('rotates its keys with age, and the tokens of the last key live on until they expire', async () => {
      const before = await issue();
      clock.advance(90 * DAY_MS - 60_000);
      const last = await issue();
      expect(decodeProtectedHeader(last).kid).toBe(decodeProtectedHeader(before).kid);
      clock.advance(120_000);
      const fresh = await issue();
      expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(last).kid);
      access = open();
      for (const token of [last, fresh])
        expect((await access.verifyToken(token)).clientId).toBe(client.client_id);
      clock.advance(2 * 3600_000);
      await expect(access.verifyToken(last)).rejects.toEqual(UNAUTHORIZED);
    });

    it('makes one key when many ask at once: a second one would orphan the first tokens', async () => {
      const issued = await Promise.all(Array.from({ length: 20 }, () => issue()));
      expect(new Set(issued.map((token) => decodeProtectedHeader(token).kid)).size).toBe(1);
      access = open();
      for (const token of issued) await access.verifyToken(token);
    });

    it('bounds the work of hashing: a flood is refused, not queued without end', async () => {
      const hasher = createSecretHasher({ maxWaiting: 3 });
      const record = await hasher.hash('secret');
      const flood = await Promise.allSettled(
        Array.from({ length: 10 }, () => hasher.matches('guess', record)),
      );
      const refused = flood.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(7);
      expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
      expect(await hasher.matches('secret', record)).toBe(true);
    });
  });

  describe('refuse a token that', () => {
    let token: string;
    let header: Record<string, unknown>;
    let claims: JWTPayload;
    let ownKey: JWK;

    beforeAll(async () => {
      await openWorld();
      token = await issue();
      header = { ...decodeProtectedHeader(token) };
      claims = decodeJwt(token);
      const stored = await secrets.get('token-signing-keys');
      ownKey = (JSON.parse(Buffer.from(stored ?? []).toString()) as { jwk: JWK }[])[0]?.jwk ?? {};
    });

    afterAll(closeWorld);

    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const refuse = (forged: string) => expect(access.verifyToken(forged)).rejects.toEqual(UNAUTHORIZED);
    /** Signed by the real key: only the named difference can be why it is refused. */
    const signed = async (changes: { header?: object; claims?: object }): Promise<string> =>
      new SignJWT({ ...claims, ...changes.claims })
        .setProtectedHeader({ ...header, alg: 'ES256', ...changes.header })
        .sign(await importJWK(ownKey, 'ES256'));

    it('… control: the same way of signing makes a good one', async () => {
      expect((await access.verifyToken(await signed({}))).clientId).toBe(client.client_id);
    });

    it('is not signed (alg none)', async () => {
      for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
        await refuse(`${encode({ ...header, alg })}.${encode(claims)}.`);
        await refuse(`${encode({ ...header, alg })}.${encode(claims)}.${token.split('.')[2] ?? ''}`);
      }
    });

    it('is signed with our public key as an HMAC secret (algorithm confusion)', async () => {
      const publicKey: JWK = { ...ownKey };
      delete publicKey.d;
      for (const secret of [JSON.stringify(publicKey), publicKey.x ?? '']) {
        const input = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
        await refuse(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
      }
    });

    it('brings its own key (jwk, jku, x5u, a kid that is a path)', async () => {
      const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
      const jwk = await exportJWK(publicKey);
      const thumbprint = await calculateJwkThumbprint(jwk);
      const ways: object[] = [
        { jwk },
        { jku: 'http://127.0.0.1:1/keys' },
        { x5u: 'http://127.0.0.1:1/cert' },
        { kid: '../../../../dev/null' },
        { kid: "x' OR '1'='1" },
        { kid: thumbprint },
        { kid: undefined },
      ];
      for (const way of ways) {
        const forged = await new SignJWT(claims)
          .setProtectedHeader({ ...header, alg: 'ES256', ...way })
          .sign(privateKey);
        await refuse(forged);
      }
    });

    it.each<[string, { header?: object; claims?: object }]>([
      ['is of another type', { header: { typ: 'JWT' } }],
      ['has no type', { header: { typ: undefined } }],
      ['demands an extension that we do not know', { header: { crit: ['exp'] } }],
      ['is of another issuer', { claims: { iss: 'urn:other' } }],
      ['is for another audience', { claims: { aud: 'urn:other' } }],
      ['never expires', { claims: { exp: undefined } }],
      ['has expired', { claims: { exp: 1 } }],
      ['has an expiry that is text', { claims: { exp: '9999999999' } }],
      ['is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }],
      ['names no client', { claims: { client_id: undefined } }],
      ['names a client that is no text', { claims: { client_id: { $ne: null } } }],
      ['names a client that does not exist', { claims: { client_id: 'nobody' } }],
      ['has no scope claim', { claims: { scope: undefined } }],
      ['has scopes as a list', { claims: { scope: ['admin'] } }],
      ['has no id', { claims: { jti: undefined } }],
    ])('%s', async (_name, changes) => {
      // `crit` cannot even be signed by a library that does not know it.
      const forged = 'crit' in (changes.header ?? {}) ? undefined : await signed(changes);
      await refuse(
        forged ??
          `${encode({ ...header, ...changes.header })}.${encode(claims)}.${token.split('.')[2] ?? ''}`,
      );
    });

    it('was changed by one character anywhere', async () => {
      for (let at = 0; at < token.length; at += 17) {
        const other = token[at] === 'A' ? 'B' : 'A';
        const forged = token.slice(0, at) + other + token.slice(at + 1);
        if (forged === token || at === token.length - 1) continue;
        await refuse(forged);
      }
    });

    it.each(['', '.', '..', 'a.b.c', '{}', 'null', '\u0000', 'e30.e30.e30.e30.e30', 'x'.repeat(100_000)])(
      'is %.20j',
      async (garbage) => {
        await refuse(garbage);
      },
    );

    it('asks for scopes that do not exist: they are dropped, not trusted', async () => {
      const forged = await signed({ claims: { scope: 'pdf root toString' } });
      const scopes: readonly Scope[] = (await access.verifyToken(forged)).scopes;
      expect(scopes).toEqual(['pdf']);
    });
  });
});
