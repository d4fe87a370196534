/** The API in the local network: what is open, to whom, and what happens when addresses and ports are not as asked. */
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { STUDIO_HEADER } from '../../../contract/studio/frame.ts';
import { OPERATIONS } from '../../../core/http/openapi/operations.ts';
import { ownAddresses, ownNames } from '../../../core/http/network/own-addresses.ts';
import { readOwner } from '../../../core/store/owner-lock.ts';
import { openNetworkWorld, type NetworkWorld } from '../../support/network-world.ts';

let world: NetworkWorld;
let local: string;
beforeEach(async () => {
  world = await openNetworkWorld();
  local = await world.influxion.listen({ host: '127.0.0.1', port: 0 });
  await world.influxion.openApi();
});
afterEach(() => world[Symbol.asyncDispose]());

/** The machine that runs this may be busy. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });

const openLan = (addresses: string[] = []) =>
  world.set({ api: { mode: 'lan', lan_port: 0, lan_addresses: addresses } });
const lanUrls = (): string[] => world.influxion.api().urls.filter((url) => url.startsWith('https:'));
const theLan = (): string => lanUrls()[0] ?? '';

describe('the network', () => {
  it('is open by the time that a page is told of the new settings', async () => {
    const told = new Promise<string[]>((resolve) => {
      world.influxion.studio.events.subscribe((event) => {
        if (event.type === 'settings.changed') resolve(world.influxion.api().urls);
      });
    });
    await openLan();
    expect(await told).toHaveLength(3);
  });

  it('has nothing until that is chosen, and nothing again afterwards', async () => {
    expect(world.influxion.api()).toEqual({
      mode: 'computer',
      urls: [local],
      fingerprint: null,
      problem: null,
    });
    await openLan();
    const [first = '', second = ''] = lanUrls();
    expect([new URL(first).hostname, new URL(second).hostname]).toEqual(['127.0.0.2', '127.0.0.3']);
    expect((await world.ask(`${second}/health`)).status).toBe(200);
    await world.set({ api: { mode: 'computer' } });
    expect(world.influxion.api()).toEqual({
      mode: 'computer',
      urls: [local],
      fingerprint: null,
      problem: null,
    });
    await expect(world.ask(`${first}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('shows the certificate whose fingerprint the studio tells, to TLS 1.2 and newer', async () => {
    await openLan();
    const reply = await world.ask(`${theLan()}/health`);
    expect(reply.fingerprint).toBe(world.influxion.api().fingerprint);
    expect(reply.protocol).toBe('TLSv1.3');
    expect((await world.ask(`${theLan()}/health`, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    await expect(world.ask(`${theLan()}/health`, { maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  it('keeps the private key encrypted, and its files to their owner', async () => {
    await openLan();
    const file = join(world.folder, 'secrets', 'lan-tls.secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file)).includes('PRIVATE KEY')).toBe(false);
    expect(await readFile(join(world.folder, 'lan-certificate.pem'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  it('is answered by every route of the public API', async () => {
    await openLan();
    for (const { method, path } of OPERATIONS) {
      const { status } = await world.ask(theLan() + path.replaceAll(/:\w+/g, '1'), {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json' },
      });
      expect(status, `${method} ${path}`).not.toBe(404);
      expect(status, `${method} ${path}`).toBeLessThan(500);
    }
  });

  it('never sees the studio, its page or what is for the owner, by any address', async () => {
    await openLan();
    const { token = '' } = readOwner({ data: world.folder }) ?? {};
    const headers = {
      [STUDIO_HEADER]: '1',
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      authorization: `Bearer ${token}`,
    };
    const hidden: [string, string][] = [
      ['GET', '/'],
      ['GET', `/?key=${new URL(world.influxion.studioLink(local)).searchParams.get('key') ?? ''}`],
      ['POST', '/studio-link'],
      ['GET', '/studio/events'],
      ...Object.keys(studioRoutes).map((name): [string, string] => ['POST', `/studio/rpc/${name}`]),
    ];
    for (const [method, path] of hidden) {
      const { status } = await world.ask(theLan() + path, {
        method,
        headers,
        body: method === 'POST' ? '{}' : '',
      });
      expect(status, `${method} ${path}`).toBe(404);
    }
    expect((await world.ask(`${theLan()}/clients`, { headers })).status).toBe(401);
  });

  it('answers to the names of the certificate and to no other', async () => {
    await openLan();
    const { port } = new URL(theLan());
    const ask = async (host: string) => (await world.ask(`${theLan()}/health`, { headers: { host } })).status;
    expect(await ask(`127.0.0.2:${port}`)).toBe(200);
    await expect(ask(`rebind.example:${port}`)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(await ask(`127.0.0.9:${port}`)).toBe(421);
  });

  it('is let in by a client secret, and each request is seen', async () => {
    await openLan();
    const { client_id, client_secret } = await world.call('clients.add', { name: 'Till' });
    const token = await world.ask(`${theLan()}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret }),
    });
    const { access_token } = JSON.parse(token.body) as { access_token: string };
    const authorization = `Bearer ${access_token}`;
    expect((await world.ask(`${theLan()}/pdf?limit=5`, { headers: { authorization } })).status).toBe(200);
    await eventually(async () => {
      const { requests } = await world.call('api.requests', {});
      expect(requests).toMatchObject([
        { method: 'POST', path: '/token', status: 200, client_id: null },
        {
          method: 'GET',
          path: '/pdf',
          status: 200,
          client_id,
          remote: expect.stringMatching(/^127\./) as string,
        },
      ]);
      expect(JSON.stringify(requests)).not.toContain(client_secret);
    });
  });

  it('is not harmed by what speaks no TLS', async () => {
    await openLan();
    const { hostname, port } = new URL(theLan());
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket.resume(), 'close');
    expect((await world.ask(`${theLan()}/health`)).status).toBe(200);
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('an address', () => {
  it('that this computer does not have is told, the others are open, and it is opened when it comes', async () => {
    await openLan(['127.0.0.3', '127.0.0.4']);
    expect(lanUrls().map((url) => new URL(url).hostname)).toEqual(['127.0.0.3']);
    expect(world.influxion.api().problem).toBe('127.0.0.4 is not an address of this computer now.');
    const before = world.influxion.api().fingerprint;
    world.addresses = ['127.0.0.3', '127.0.0.4'];
    await eventually(() => expect(lanUrls()).toHaveLength(2));
    expect(world.influxion.api().problem).toBeNull();
    // It has to name the new address, also on the connection that was open before.
    expect(world.influxion.api().fingerprint).not.toBe(before);
    for (const url of lanUrls()) expect((await world.ask(`${url}/health`)).status).toBe(200);
  });

  it('that goes away is closed and told, and comes back with the same certificate', async () => {
    await openLan();
    const before = world.influxion.api().fingerprint;
    world.addresses = [];
    await eventually(() => expect(lanUrls()).toEqual([]));
    expect(world.influxion.api()).toMatchObject({
      mode: 'lan',
      problem: 'This computer is in no network now.',
    });
    expect((await fetch(`${local}/health`)).status).toBe(200);
    world.addresses = ['127.0.0.2'];
    await eventually(() => expect(lanUrls()).toHaveLength(1));
    expect(world.influxion.api()).toMatchObject({ fingerprint: before, problem: null });
  });

  it('of IPv6 is opened only when it was chosen: temporary ones would cost a certificate a day', async () => {
    world.addresses = ['127.0.0.2', '::1'];
    await openLan();
    expect(lanUrls()).toHaveLength(1);
    await openLan(['::1']);
    expect(new URL(theLan()).hostname).toBe('[::1]');
    expect((await world.ask(`${theLan()}/health`)).status).toBe(200);
  });

  it('whose port is taken is told and had as soon as it is free', async () => {
    const other = createServer().listen(0, '127.0.0.2');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await world.set({ api: { mode: 'lan', lan_port: port, lan_addresses: ['127.0.0.2'] } });
    expect(world.influxion.api()).toMatchObject({
      urls: [local],
      problem: `Port ${port} of 127.0.0.2 is in use by another program.`,
    });
    other.close();
    await eventually(() => expect(lanUrls()).toEqual([`https://127.0.0.2:${port}`]));
    expect(world.influxion.api().problem).toBeNull();
  });
});

describe('mDNS', () => {
  it('tells where the API is while it is open and that was chosen, and no secret', async () => {
    await world.set({ api: { announce: true } });
    expect(world.announced).toEqual([]);
    await openLan();
    expect(world.announced).toEqual([
      {
        name: 'Influxion on desk',
        port: Number(new URL(theLan()).port),
        facts: { version: '1.2.3', path: '/openapi.json', tls: '1' },
      },
    ]);
    await world.set({ api: { announce: false } });
    expect(world.announced).toEqual([]);
  });
});

describe('the API that is off', () => {
  it('is refused to programs, not to the owner at the command line', async () => {
    const { client_id, client_secret } = await world.call('clients.add', { name: 'Till' });
    const { accessToken } = await world.influxion.access.issueToken(client_id, client_secret, undefined);
    await world.set({ api: { mode: 'off' } });
    expect(world.influxion.api()).toEqual({ mode: 'off', urls: [], fingerprint: null, problem: null });
    const asProgram = await fetch(`${local}/pdf`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(asProgram.status).toBe(503);
    expect(await asProgram.json()).toMatchObject({ code: 'API_OFF' });
    const token = await fetch(`${local}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret }),
    });
    expect(token.status).toBe(503);
    const { token: ownerToken = '' } = readOwner({ data: world.folder }) ?? {};
    const asOwner = await fetch(`${local}/pdf`, { headers: { authorization: `Bearer ${ownerToken}` } });
    expect(asOwner.status).toBe(200);
  });

  it('says when a new port begins to hold', async () => {
    await world.set({ api: { port: 9999 } });
    expect(world.influxion.api().problem).toMatch(/Port 9999 is taken at the next start/);
    expect((await fetch(`${local}/health`)).status).toBe(200);
  });
});

describe('a host with windows of its own', () => {
  it('opens the API where the settings say, without the studio on it, and follows them', async () => {
    await using desktop = await openNetworkWorld({ studio: false });
    await desktop.set({ api: { port: 0 } });
    expect(desktop.influxion.api().urls).toEqual([]);
    await desktop.influxion.openApi();
    const [url = ''] = desktop.influxion.api().urls;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/studio-link`, { method: 'POST' })).status).toBe(404);
    expect(readOwner({ data: desktop.folder })?.url).toBe(url);
    await desktop.set({ api: { mode: 'off' } });
    expect(desktop.influxion.api().urls).toEqual([]);
    expect(readOwner({ data: desktop.folder })?.url).toBeUndefined();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});

it('the names of a computer are those that DNS and certificates can hold', () => {
  expect(ownNames('Desk')).toEqual(['desk', 'desk.local']);
  expect(ownNames('desk.office.example')).toEqual(['desk.office.example', 'desk', 'desk.local']);
  expect(ownNames('Grüße vom Tisch')).toEqual([]);
  for (const address of ownAddresses()) expect(address).not.toMatch(/^(127\.|::1$|fe80:)/);
});
