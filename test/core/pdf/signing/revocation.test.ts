import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../../core/ports.ts';
import {
  createRevocationCollector,
  type RevocationSource,
} from '../../../../core/pdf/signing/trust/revocation.ts';
import { readCrl } from '../../../../core/pdf/signing/trust/crl.ts';
import { readOcspResponse, writeOcspRequest } from '../../../../core/pdf/signing/trust/ocsp.ts';
import { revocationOf } from '../../../../core/pdf/signing/verify/validation-data.ts';
import { issue } from '../../../support/signing-authority.ts';
import {
  openTrustServices,
  serialOf,
  type RevocationFault,
  type TrustServices,
} from '../../../support/trust-services.ts';

let services: TrustServices;
beforeAll(async () => {
  services = await openTrustServices();
});
afterAll(() => services[Symbol.asyncDispose]());
beforeEach(() => {
  services.ocspFault = undefined;
  services.crlFault = undefined;
  services.revoked.clear();
  services.asked.length = 0;
});

const collector = (options: Partial<RevocationSource> = {}) =>
  createRevocationCollector({
    isAllowed: (url) => url.startsWith(services.url),
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    clock: systemClock,
    ...options,
  });

it('proves a chain by a list where the responder cannot be checked itself, and asks once for what it has', async () => {
  const { certificate } = services.issue('Signer');
  const byList = collector();
  await byList.add(certificate, [services.root.certificate]);
  await byList.add(certificate, [services.root.certificate]);
  const { certificates, ocsps, crls } = byList.data();
  expect([certificates.length, ocsps.length, crls.length]).toEqual([2, 0, 1]);
  expect(services.asked).toEqual(['/ocsp', '/crl']);
  const [list = new Uint8Array()] = crls;
  expect(readCrl(list, certificate, services.root.certificate).status).toBe('good');
});

it('takes the word of a responder whose certificate need not be asked about', async () => {
  await using trusted = await openTrustServices({ noCheck: true });
  const { certificate } = trusted.issue('Signer');
  const gathered = collector({ isAllowed: (url) => url.startsWith(trusted.url) });
  await gathered.add(certificate, [trusted.root.certificate]);
  const { certificates, ocsps, crls } = gathered.data();
  expect([certificates.length, ocsps.length, crls.length]).toEqual([3, 1, 0]);
  const answer = readOcspResponse(ocsps[0] ?? new Uint8Array(), {
    certificate,
    issuer: trusted.root.certificate,
  });
  expect(answer).toMatchObject({ status: 'good', responder: { subject: 'CN=OCSP,O=Influxion Test,C=XX' } });
});

it('needs proof about a responder before it believes that nothing was revoked', async () => {
  await using trusted = await openTrustServices({ noCheck: true });
  const judged = async (by: TrustServices, revoked: boolean): Promise<string> => {
    const signer = by.issue('Signer');
    const { certificate } = signer;
    const issuer = by.root.certificate;
    if (revoked) by.revoked.add(serialOf(signer));
    const reply = await fetch(`${by.url}/ocsp`, {
      method: 'POST',
      body: new Uint8Array(writeOcspRequest({ certificate, issuer })),
    });
    const ocsp = new Uint8Array(await reply.arrayBuffer());
    return revocationOf(certificate, issuer, { certificates: [], ocsps: [ocsp], crls: [] }, Date.now());
  };
  expect(await judged(trusted, false)).toBe('good');
  expect(await judged(services, false)).toBe('unknown');
  expect(await judged(services, true)).toBe('revoked');
});

it.each<RevocationFault>(['stale', 'future', 'foreign', 'spoiled', 'other', 'status-500', 'garbage', 'hang'])(
  'believes neither a responder nor a list that is "%s"',
  async (fault) => {
    services.ocspFault = fault;
    services.crlFault = fault;
    const { certificate } = services.issue('Signer');
    const failure = collector({ timeoutMs: fault === 'hang' ? 300 : 10_000 }).add(certificate, [
      services.root.certificate,
    ]);
    await expect(failure).rejects.toMatchObject({ code: 'REVOCATION_UNAVAILABLE', retryable: true });
    await expect(failure).rejects.toThrow(/CN=Signer.*could not be found out/);
    expect(services.asked).toEqual(['/ocsp', '/crl']);
  },
);

it('says that a certificate was revoked, by OCSP and by list, and does not try again', async () => {
  const signer = services.issue('Signer');
  services.revoked.add(serialOf(signer));
  for (const fault of [undefined, 'status-500'] as const) {
    services.ocspFault = fault;
    const failure = collector().add(signer.certificate, [services.root.certificate]);
    await expect(failure).rejects.toMatchObject({ code: 'KEY_UNUSABLE', retryable: false });
    await expect(failure).rejects.toThrow(/CN=Signer.* was revoked on \d{4}-/);
  }
});

it('reaches only what is allowed', async () => {
  const { certificate } = services.issue('Signer');
  const failure = collector({ isAllowed: () => false }).add(certificate, [services.root.certificate]);
  await expect(failure).rejects.toThrow(/127\.0\.0\.1:\d+ may not be reached/);
  expect(services.asked).toEqual([]);
});

it('finds an issuer that is missing by the address in the certificate', async () => {
  services.ocspFault = 'status-500';
  const { certificate } = services.issue('Signer', { issuerUrl: `${services.url}/root.der` });
  const gathered = collector();
  await gathered.add(certificate, []);
  expect(gathered.data().certificates).toHaveLength(2);
  const { certificate: lost } = services.issue('Lost');
  await expect(collector().add(lost, [])).rejects.toThrow(/issuer is missing/);
});

it('asks nothing about a root', async () => {
  const gathered = collector();
  await gathered.add(issue({ name: 'Self' }).certificate, []);
  expect(services.asked).toEqual([]);
  expect(gathered.data().certificates).toHaveLength(1);
});

it('ends at once when the job is cancelled', async () => {
  services.ocspFault = 'hang';
  const controller = new AbortController();
  const { certificate } = services.issue('Signer');
  const failure = collector({ signal: controller.signal }).add(certificate, [services.root.certificate]);
  controller.abort(new Error('the job was cancelled'));
  await expect(failure).rejects.toThrow('the job was cancelled');
  expect(services.asked).not.toContain('/crl');
});
