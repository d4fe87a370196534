import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedClient } from '../../../contract/access.ts';
import { call, type Reply } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

// The client marks this symbol as deprecated so that nobody uses it without TLS by accident.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const PLAIN_HTTP = { [oauth.allowInsecureRequests]: true };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

describe('POST /token', () => {
  let world: HttpWorld;
  let client: CreatedClient;
  beforeEach(async () => {
    world = await openHttpWorld();
    client = await world.client(['pdf', 'templates.read']);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const token = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    call(world, 'POST', '/token', { body, headers });
  const form = (fields: string[][], headers: Record<string, string> = {}): Promise<Reply> =>
    token(new URLSearchParams(fields), { ...FORM, ...headers });
  const credentials = (): string[][] => [
    ['client_id', client.client_id],
    ['client_secret', client.client_secret],
  ];
  const json = (more: object = {}): object => ({
    client_id: client.client_id,
    client_secret: client.client_secret,
    ...more,
  });

  it.each([
    ['ClientSecretBasic', (secret: string) => oauth.ClientSecretBasic(secret)],
    ['ClientSecretPost', (secret: string) => oauth.ClientSecretPost(secret)],
  ])('serves a strict OAuth client unmodified, with %s', async (_name, authentication) => {
    const server = { issuer: world.url, token_endpoint: `${world.url}/token` };
    const reply = await oauth.clientCredentialsGrantRequest(
      server,
      { client_id: client.client_id },
      authentication(client.client_secret),
      new URLSearchParams({ scope: 'pdf' }),
      PLAIN_HTTP,
    );
    const result = await oauth.processClientCredentialsResponse(
      server,
      { client_id: client.client_id },
      reply,
    );
    expect(result).toMatchObject({ token_type: 'bearer', scope: 'pdf', expires_in: 3600 });
    const jobs = await oauth.protectedResourceRequest(
      result.access_token,
      'GET',
      new URL(`${world.url}/pdf`),
      undefined,
      undefined,
      PLAIN_HTTP,
    );
    expect(jobs.status).toBe(200);
  });

  it.each([
    ['no scope', undefined, 'pdf templates.read'],
    ['null', null, 'pdf templates.read'],
    ['an empty scope', '', 'pdf templates.read'],
    ['.default', 'api://d88ae758-e67d-492d-bcc6-63f560ee1f04/.default', 'pdf templates.read'],
    ['one', 'templates.read', 'templates.read'],
    ['two in another order', 'templates.read pdf', 'pdf templates.read'],
  ])('grants for %s', async (_name, scope, granted) => {
    const reply = await token(json({ scope }));
    expect(reply.json()).toMatchObject({ scope: granted, token_type: 'bearer', expires_in: 3600 });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('pragma')).toBe('no-cache');
  });

  it.each([
    ['a scope beyond the client', 400, 'invalid_scope', () => token(json({ scope: 'admin' }))],
    ['an unknown scope', 400, 'invalid_scope', () => token(json({ scope: 'pdf nonsense' }))],
    ['a wrong secret', 401, 'invalid_client', () => token(json({ client_secret: 'wrong' }))],
    ['an unknown client', 401, 'invalid_client', () => token(json({ client_id: 'nobody' }))],
    ['no secret', 401, 'invalid_client', () => token({ client_id: client.client_id })],
    ['nothing', 401, 'invalid_client', () => token({})],
    ['a list', 400, 'invalid_request', () => token([])],
    ['a number for a secret', 400, 'invalid_request', () => token(json({ client_secret: 5 }))],
    ['broken JSON', 400, 'invalid_request', () => token('{', { 'content-type': 'application/json' })],
    ['an empty body', 400, 'invalid_request', () => token('', { 'content-type': 'application/json' })],
    ['a secret of 10 kB', 400, 'invalid_request', () => token(json({ client_secret: 'x'.repeat(10_000) }))],
    ['another grant', 400, 'unsupported_grant_type', () => token(json({ grant_type: 'password' }))],
    ['a form without grant_type', 400, 'invalid_request', () => form(credentials())],
    [
      'a form with another grant',
      400,
      'unsupported_grant_type',
      () => form([...credentials(), ['grant_type', 'authorization_code']]),
    ],
    [
      'a repeated parameter',
      400,
      'invalid_request',
      () =>
        form([...credentials(), ['grant_type', 'client_credentials'], ['scope', 'pdf'], ['scope', 'pdf']]),
    ],
    [
      'credentials in two ways',
      400,
      'invalid_request',
      () =>
        form([...credentials(), ['grant_type', 'client_credentials']], {
          authorization: basic(client.client_id, client.client_secret),
        }),
    ],
    [
      'a header of another client than the body',
      400,
      'invalid_request',
      () =>
        form(
          [
            ['client_id', 'another'],
            ['grant_type', 'client_credentials'],
          ],
          {
            authorization: basic(client.client_id, client.client_secret),
          },
        ),
    ],
    [
      'a malformed Basic header',
      401,
      'invalid_client',
      () => token({}, { authorization: 'Basic bm9jb2xvbg==' }),
    ],
    [
      'a Basic header with a broken escape',
      401,
      'invalid_client',
      () => token({}, { authorization: `Basic ${btoa('a%zz:b')}` }),
    ],
    ['a bearer token', 401, 'invalid_client', () => token({}, { authorization: 'Bearer abc' })],
    ['plain text', 415, 'invalid_request', () => token('x', { 'content-type': 'text/plain' })],
    ['20 kB', 413, 'invalid_request', () => token(json({ more: 'x'.repeat(20_000) }))],
  ] as [string, number, string, () => Promise<Reply>][])(
    '%s is %i %s, in the shape of RFC 6749',
    async (_name, status, error, send) => {
      const reply = await send();
      expect([reply.status, reply.json<{ error: string }>().error]).toEqual([status, error]);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="influxion"' : null);
    },
  );

  it('takes Basic beside JSON and ignores parameters that it does not know (§3.2)', async () => {
    const reply = await token(
      { resource: 'https://x.example' },
      { authorization: basic(client.client_id, client.client_secret) },
    );
    expect(reply.status).toBe(200);
  });

  it('treats a form parameter without a value as left out (§3.2)', async () => {
    const reply = await form([...credentials(), ['grant_type', 'client_credentials'], ['scope', '']]);
    expect(reply.json()).toMatchObject({ scope: 'pdf templates.read' });
  });

  it('throttles guessing at one client, without locking the others out', async () => {
    for (let guess = 0; guess < 10; guess++) {
      expect((await token(json({ client_secret: `guess ${guess}` }))).status).toBe(401);
    }
    const throttled = await token(json());
    expect([throttled.status, throttled.json<{ error: string }>().error]).toEqual([
      429,
      'temporarily_unavailable',
    ]);
    const wait = Number(throttled.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    const other = await world.client();
    expect((await token({ client_id: other.client_id, client_secret: other.client_secret })).status).toBe(
      200,
    );
    world.clock.advance(wait * 1000);
    expect((await token(json())).status).toBe(200);
  });

  it('throttles an address that asks too often', async () => {
    const replies = await Promise.all(Array.from({ length: 130 }, () => token(json())));
    expect(replies.map(({ status }) => status)).toContain(429);
    world.clock.advance(60_000);
    expect((await token(json())).status).toBe(200);
  });

  it('logs neither secret nor token', async () => {
    const { access_token } = (await token(json())).json<{ access_token: string }>();
    await token(json({ client_secret: 'wrong-secret' }));
    const log = JSON.stringify(world.log);
    for (const secret of [client.client_secret, access_token, 'wrong-secret'])
      expect(log).not.toContain(secret);
  });
});

describe('a bearer token', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await openHttpWorld({ ownerToken: 'the-owner-of-this-computer' });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const challenge = async (headers: Record<string, string>, path = '/pdf') => {
    const reply = await call(world, 'GET', path, { headers });
    return [reply.status, reply.headers.get('www-authenticate')];
  };

  it('that is missing gets the bare challenge (RFC 6750 §3)', async () => {
    const bare = [401, 'Bearer realm="influxion"'];
    expect(await challenge({})).toEqual(bare);
    expect(await challenge({ authorization: 'Basic YTpi' })).toEqual(bare);
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer abc',
    'Bearer ""',
    `Bearer ${'a'.repeat(5000)}`,
    'bearer a.b.c',
  ])('"%.20s" is invalid_token', async (authorization) => {
    const [status, header] = await challenge({ authorization });
    expect(status).toBe(401);
    expect(header).toMatch(/^Bearer realm="influxion", error="invalid_token"/);
  });

  it('in the address is refused, valid or not', async () => {
    const { authorization } = await world.signIn();
    const token = authorization.slice('Bearer '.length);
    const [status, header] = await challenge({}, `/pdf?access_token=${token}`);
    expect(status).toBe(400);
    expect(header).toContain('error="invalid_request"');
  });

  it('without the scope is 403 and names it', async () => {
    const headers = await world.signIn(['pdf']);
    const [status, header] = await challenge(headers, '/clients');
    expect(status).toBe(403);
    expect(header).toContain('error="insufficient_scope"');
    expect(header).toContain('scope="admin"');
  });

  it('stops working the moment its client is removed, also when it was used before', async () => {
    const client = await world.client();
    const { accessToken } = await world.access.issueToken(client.client_id, client.client_secret, undefined);
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await challenge(headers))[0]).toBe(200);
    const admin = await world.signIn(['admin']);
    await call(world, 'DELETE', `/clients/${client.client_id}`, { headers: admin });
    expect((await challenge(headers))[0]).toBe(401);
  });

  it('of the owner opens everything, and one byte off opens nothing', async () => {
    const owner = { authorization: 'Bearer the-owner-of-this-computer' };
    for (const path of ['/pdf', '/clients', '/templates']) {
      expect((await call(world, 'GET', path, { headers: owner })).status).toBe(200);
    }
    expect((await challenge({ authorization: 'Bearer the-owner-of-this-computes' }))[0]).toBe(401);
  });

  it('is not needed for requests inside the process', async () => {
    const reply = await world.http.inject({
      method: 'POST',
      url: '/clients',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'from the command line' }),
    });
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      scopes: ['pdf', 'templates.read', 'templates.write'],
    });
  });
});
