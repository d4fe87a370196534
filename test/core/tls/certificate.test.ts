import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate, makeKey, readCertificate } from '../../../core/tls/certificate.ts';
import { createTlsIdentities } from '../../../core/tls/tls-identity.ts';
import type { SecretStore } from '../../../core/ports.ts';
import { MovableClock } from '../../support/http-world.ts';
import { recordingLogger } from '../../support/http-logger.ts';

const SUBJECT = { names: ['desk', 'desk.local'], addresses: ['127.0.0.1', '192.168.1.20', 'fd00::20'] };
const DAY_MS = 86_400_000;

let key: string;
beforeAll(async () => {
  key = await makeKey();
});

describe('the certificate', () => {
  it('lets a client that trusts it connect by each name and address, and by no other', async () => {
    const cert = await makeCertificate(key, SUBJECT, Date.now());
    const server = createServer({ key, cert }, (_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connect = (servername: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(
          { host: '127.0.0.1', port, ca: cert, servername, agent: false, headers: { host: servername } },
          (reply) => {
            reply.resume();
            resolve(reply.statusCode);
          },
        )
          .once('error', reject)
          .end();
      });
    expect(await connect('desk')).toBe(200);
    expect(await connect('desk.local')).toBe(200);
    await expect(connect('evil.example')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    server.close();
  });

  it('is one of a server, not of an authority, and says so where strict verifiers look', async () => {
    const certificate = new X509Certificate(await makeCertificate(key, SUBJECT, Date.now()));
    expect(certificate.ca).toBe(false);
    expect(certificate.subjectAltName).toBe(
      'DNS:desk, DNS:desk.local, IP Address:127.0.0.1, IP Address:192.168.1.20, IP Address:FD00:0:0:0:0:0:0:20',
    );
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIP('192.168.1.20')).toBe('192.168.1.20');
    expect(BigInt(`0x${certificate.serialNumber}`)).toBeGreaterThan(0n);
  });

  it('is told by its facts', async () => {
    const now = Date.now();
    const { fingerprint, notAfter, covers } = readCertificate(await makeCertificate(key, SUBJECT, now));
    expect(fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    // Apple's systems refuse one that is longer than 825 days.
    expect(notAfter - now).toBeLessThanOrEqual(825 * DAY_MS);
    expect(covers({ names: ['desk'], addresses: ['fd00::20'] })).toBe(true);
    expect(covers({ names: ['other'], addresses: [] })).toBe(false);
    expect(covers({ names: [], addresses: ['192.168.1.21'] })).toBe(false);
  });
});

function memorySecrets(): SecretStore & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    protection: 'Kept in memory.',
    get: (name) => Promise.resolve(kept.get(name)),
    set: (name, secret) => Promise.resolve(void kept.set(name, secret)),
    delete: (name) => Promise.resolve(void kept.delete(name)),
  };
}

describe('the identity of a computer', () => {
  const open = (secrets = memorySecrets()) => {
    const clock = new MovableClock();
    const published: string[] = [];
    const identities = createTlsIdentities({
      secrets,
      clock,
      logger: recordingLogger([]),
      publish: (certificate) => Promise.resolve(void published.push(certificate)),
    });
    return { secrets, clock, published, identities };
  };

  it('stays the same while its addresses do, also when one of them is away', async () => {
    const { identities, published } = open();
    const first = await identities.identityFor(SUBJECT);
    const second = await identities.identityFor({ ...SUBJECT, addresses: ['192.168.1.20'] });
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(published).toEqual([first.cert]);
  });

  it('is the same after a restart', async () => {
    const { identities, secrets } = open();
    const first = await identities.identityFor(SUBJECT);
    expect(await open(secrets).identities.identityFor(SUBJECT)).toEqual(first);
  });

  it('is not used before it could be kept: a client would pin what is gone tomorrow', async () => {
    const secrets = memorySecrets();
    const { identities } = open({ ...secrets, set: () => Promise.reject(new Error('disk full')) });
    await expect(identities.identityFor(SUBJECT)).rejects.toThrow('disk full');
    await expect(identities.identityFor(SUBJECT)).rejects.toThrow('disk full');
  });

  it('is renewed for a new address, with the key that clients may have pinned', async () => {
    const { identities } = open();
    const first = await identities.identityFor(SUBJECT);
    const second = await identities.identityFor({ ...SUBJECT, addresses: ['10.0.0.7'] });
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.key).toBe(first.key);
    expect(readCertificate(second.cert).covers({ names: [], addresses: ['10.0.0.7'] })).toBe(true);
  });

  it('is renewed before it expires', async () => {
    const { identities, clock } = open();
    const first = await identities.identityFor(SUBJECT);
    clock.advance(700 * DAY_MS);
    expect((await identities.identityFor(SUBJECT)).fingerprint).toBe(first.fingerprint);
    clock.advance(100 * DAY_MS);
    const renewed = await identities.identityFor(SUBJECT);
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(readCertificate(renewed.cert).notAfter).toBeGreaterThan(clock.now() + 700 * DAY_MS);
  });

  it('is made anew when what was kept is of no use', async () => {
    const { identities, secrets } = open();
    secrets.kept.set('lan-tls', Buffer.from('{"key":"","cert":"nonsense"}'));
    expect((await identities.identityFor(SUBJECT)).fingerprint).toMatch(/^[0-9A-F:]{95}$/);
  });
});
