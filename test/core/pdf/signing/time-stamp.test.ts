import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  requestTimeStamp,
  type TimeStampRequest,
} from '../../../../core/pdf/signing/trust/request-time-stamp.ts';
import { faultOfToken, parseTimeStampToken } from '../../../../core/pdf/signing/trust/time-stamp-token.ts';
import {
  openTrustServices,
  type TimeStampFault,
  type TrustServices,
} from '../../../support/trust-services.ts';

let services: TrustServices;
beforeAll(async () => {
  services = await openTrustServices();
});
afterAll(() => services[Symbol.asyncDispose]());
beforeEach(() => {
  services.timeStampFault = undefined;
  services.asked.length = 0;
});

const digest = createHash('sha256').update('a signature').digest();
const ask = (options: Partial<TimeStampRequest> = {}) =>
  requestTimeStamp({
    url: `${services.url}/tsa`,
    digest,
    hash: 'sha256',
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    ...options,
  });

it('gets a token that proves the time of a digest', async () => {
  const { token, facts } = await ask();
  expect(Math.abs(facts.time - Date.now())).toBeLessThan(60_000);
  expect(facts).toMatchObject({ policy: '1.3.6.1.4.1.99999.1', hash: 'sha256' });
  const read = parseTimeStampToken(token);
  expect(read.signer.certificate?.subject).toBe('CN=TSA,O=Influxion Test,C=XX');
  expect(faultOfToken(read, digest)).toBeUndefined();
  expect(faultOfToken(read, createHash('sha256').update('other').digest())).toMatch(/other data/);
});

it.each<[TimeStampFault, RegExp]>([
  ['refuse', /refuses to time-stamp \(status 2\)/],
  ['status-500', /answers with status 500/],
  ['garbage', /something else than a time-stamp/],
  ['empty', /something else than a time-stamp/],
  ['nonce', /answers another request/],
  ['imprint', /of other data/],
  ['hash', /another hash function/],
  ['signature', /signature is wrong/],
  ['no-certificate', /certificate of its authority is missing/],
  ['purpose', /not one for time-stamps/],
  ['two-signers', /something else than a time-stamp/],
  ['too-large', /more than can be used/],
  ['redirect', /cannot be reached/],
  ['password', /user and a password/],
])('a server with the fault "%s" is refused in words', async (fault, message) => {
  services.timeStampFault = fault;
  const failure = ask();
  await expect(failure).rejects.toMatchObject({ code: 'TIMESTAMP_FAILED', retryable: true });
  await expect(failure).rejects.toThrow(message);
  expect(services.asked, 'nothing else is reached').toEqual(['/tsa']);
});

it.each<TimeStampFault>(['hang', 'hang-in-body'])(
  'a server that stops in "%s" holds nobody up',
  async (fault) => {
    services.timeStampFault = fault;
    await expect(ask({ timeoutMs: 300 })).rejects.toThrow(/did not answer within 1 s/);
    const controller = new AbortController();
    const aborted = ask({ signal: controller.signal });
    controller.abort(new Error('the job was cancelled'));
    await expect(aborted).rejects.toThrow('the job was cancelled');
  },
);

it('signs in where it is told to, and tells the password to nobody else', async () => {
  services.timeStampFault = 'password';
  await expect(ask({ auth: { user: 'tsa', password: 'secret' } })).resolves.toBeDefined();
  const wrong = ask({ auth: { user: 'tsa', password: 'wrong-4711' } });
  await expect(wrong).rejects.not.toThrow(/4711/);
});

it('insists on the policy that was asked for', async () => {
  await expect(ask({ policy: '1.2.3' })).rejects.toThrow(/another policy/);
  await expect(ask({ policy: '1.3.6.1.4.1.99999.1' })).resolves.toBeDefined();
});

it('names what is no address of HTTP, and who is not there', async () => {
  await expect(ask({ url: 'file:///etc/passwd' })).rejects.toThrow(/not one of HTTP/);
  await expect(ask({ url: 'nonsense' })).rejects.toThrow(/not one of HTTP/);
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  const { port } = unused.address() as AddressInfo;
  await new Promise((resolve) => unused.close(resolve));
  await expect(ask({ url: `http://127.0.0.1:${port}/secret-path` })).rejects.toThrow(
    `The time-stamp server at 127.0.0.1:${port} cannot be reached.`,
  );
});
