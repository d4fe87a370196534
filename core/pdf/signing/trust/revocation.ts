/** What proves for years that no certificate of a chain was revoked: responses of OCSP and revocation lists. */
import { InfluxionError } from '../../../error.ts';
import type { Clock } from '../../../ports.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import { isSelfIssued, parseCertificate, sameBytes, type Certificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/chain.ts';
import { crlToDer, readCrl } from './crl.ts';
import { exchange } from './exchange.ts';
import { readOcspResponse, writeOcspRequest } from './ocsp.ts';

export interface RevocationSource {
  /** Whether an address that stands in a certificate may be reached. */
  readonly isAllowed: (url: string) => boolean;
  readonly signal: AbortSignal;
  /** For each exchange. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** DER, for the DSS of a PDF (ETSI EN 319 142-1 §5.4.2). */
export interface RevocationData {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

const MAX_OCSP_BYTES = 256 * 1024;
const MAX_CRL_BYTES = 16 * 1024 * 1024;
const MAX_CERTIFICATE_BYTES = 64 * 1024;
const SKEW_MS = 5 * 60_000;
const LONGEST_CHAIN = 10;

/** Gathers data for chains one after the other; what is there already is not fetched again. */
export interface RevocationCollector {
  /**
   * Everything for a certificate and its issuers. Errors: KEY_UNUSABLE (revoked), REVOCATION_IMPOSSIBLE (nobody who may be
   * asked, an issuer is missing), REVOCATION_UNAVAILABLE (no good answer); the reason of the signal.
   */
  add(certificate: Certificate, issuers: readonly Certificate[]): Promise<void>;
  data(): RevocationData;
}

export function createRevocationCollector(source: RevocationSource): RevocationCollector {
  const certificates = new Map<string, Uint8Array>();
  const ocsps: Uint8Array[] = [];
  const crls: Uint8Array[] = [];
  const done = new Set<string>();

  const add = async (certificate: Certificate, issuers: readonly Certificate[]): Promise<void> => {
    let current = certificate;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      certificates.set(current.fingerprint, current.der);
      if (isSelfIssued(current) || done.has(current.fingerprint)) return;
      const issuer = issuers.find((one) => isIssuedBy(current, one)) ?? (await fetchIssuer(current, source));
      done.add(current.fingerprint);
      await addAnswer(current, issuer, issuers);
      current = issuer;
    }
  };

  const addAnswer = async (
    certificate: Certificate,
    issuer: Certificate,
    issuers: readonly Certificate[],
  ): Promise<void> => {
    const answer = await fetchAnswer(certificate, issuer, source);
    if (answer.kind === 'crl') {
      if (!crls.some((known) => sameBytes(known, answer.bytes))) crls.push(answer.bytes);
      return;
    }
    ocsps.push(answer.bytes);
    const { responder } = answer;
    if (sameBytes(responder.der, issuer.der)) return;
    certificates.set(responder.fingerprint, responder.der);
    if (!responder.hasNoCheck) await add(responder, [issuer, ...issuers]);
  };

  return {
    add,
    data: () => ({ certificates: [...certificates.values()], ocsps: [...ocsps], crls: [...crls] }),
  };
}

type Answer =
  | { readonly kind: 'ocsp'; readonly bytes: Uint8Array; readonly responder: Certificate }
  | { readonly kind: 'crl'; readonly bytes: Uint8Array };

/** What no second attempt mends. */
const refuse = (certificate: Certificate, what: string, hint: string): InfluxionError =>
  new InfluxionError('REVOCATION_IMPOSSIBLE', `The certificate of ${certificate.subject} ${what}.`, { hint });

/** The response of the first responder that answers well, else the first list that does. Errors: those of `add`. */
async function fetchAnswer(
  certificate: Certificate,
  issuer: Certificate,
  source: RevocationSource,
): Promise<Answer> {
  const now = source.clock.now();
  const ways = [
    ...certificate.ocspUrls.map((url) => ({
      url,
      ask: () => askOcsp(url, certificate, issuer, source, now),
    })),
    ...certificate.crlUrls.map((url) => ({ url, ask: () => askCrl(url, certificate, issuer, source, now) })),
  ];
  const allowed = ways.filter(({ url }) => source.isAllowed(url));
  let last: unknown;
  for (const { ask } of allowed) {
    try {
      return await ask();
    } catch (error) {
      source.signal.throwIfAborted();
      if (error instanceof Revoked) {
        const message = `The certificate of ${certificate.subject} was revoked on ${error.day}.`;
        throw new InfluxionError('KEY_UNUSABLE', message, { hint: 'Sign with another key.' });
      }
      last = error;
    }
  }
  if (ways.length === 0) {
    throw refuse(
      certificate,
      'names nobody who could be asked whether it was revoked',
      'Sign at a level without such proof (B-B or B-T), or with a certificate of an authority.',
    );
  }
  if (allowed.length === 0) {
    throw refuse(
      certificate,
      `could not be checked: ${hostsOf(ways.map(({ url }) => url))} may not be reached`,
      'Add the address to those that are allowed for signing.',
    );
  }
  const why = last instanceof Error ? last.message.replace(/\.$/, '') : 'there was no answer';
  throw new InfluxionError(
    'REVOCATION_UNAVAILABLE',
    `Whether the certificate of ${certificate.subject} was revoked could not be found out: ${why}.`,
    { hint: 'Try again later.' },
    last,
  );
}

const hostsOf = (urls: readonly string[]): string =>
  [...new Set(urls.map((url) => URL.parse(url)?.host ?? 'an address that is none'))].join(' and ');

/** Not a failure of one way but the answer of all. */
class Revoked extends Error {
  readonly day: string;

  constructor(at: number | undefined) {
    super('The certificate was revoked.');
    this.day = at === undefined ? 'an unknown day' : new Date(at).toISOString().slice(0, 10);
  }
}

async function askOcsp(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  { signal, timeoutMs }: RevocationSource,
  now: number,
): Promise<Answer> {
  const bytes = await exchange({
    url,
    method: 'POST',
    type: 'application/ocsp-request',
    body: writeOcspRequest({ certificate, issuer }),
    signal,
    timeoutMs,
    maxBytes: MAX_OCSP_BYTES,
    failure: { code: 'REVOCATION_UNAVAILABLE', service: 'OCSP responder' },
  });
  const answer = readOcspResponse(bytes, { certificate, issuer });
  if (answer.status === 'revoked') throw new Revoked(answer.revokedAt);
  if (answer.status === 'unknown') throw new Asn1Error('The responder does not know the certificate.');
  assertCurrent(answer, now);
  const { responder } = answer;
  const isDelegated = !sameBytes(responder.der, issuer.der);
  if (isDelegated && !responder.hasNoCheck && responder.ocspUrls.length + responder.crlUrls.length === 0) {
    throw new Asn1Error('The certificate of the responder cannot be checked itself.');
  }
  return { kind: 'ocsp', bytes, responder };
}

async function askCrl(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  { signal, timeoutMs }: RevocationSource,
  now: number,
): Promise<Answer> {
  const failure = { code: 'REVOCATION_UNAVAILABLE', service: 'server of the revocation list' } as const;
  const sent = await exchange({ url, method: 'GET', signal, timeoutMs, maxBytes: MAX_CRL_BYTES, failure });
  const bytes = crlToDer(sent);
  const answer = readCrl(bytes, certificate, issuer);
  if (answer.status === 'revoked') throw new Revoked(answer.revokedAt);
  assertCurrent(answer, now);
  return { kind: 'crl', bytes };
}

interface Validity {
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

/** Errors: Asn1Error for an answer of the future, or one that has a successor. */
function assertCurrent({ thisUpdate, nextUpdate }: Validity, now: number): void {
  if (thisUpdate > now + SKEW_MS) throw new Asn1Error('The answer about revocation is from the future.');
  if (nextUpdate !== undefined && nextUpdate < now - SKEW_MS) {
    throw new Asn1Error('The answer about revocation is out of date.');
  }
}

/** The issuer from the address in the certificate. Errors: REVOCATION_IMPOSSIBLE. */
async function fetchIssuer(certificate: Certificate, source: RevocationSource): Promise<Certificate> {
  const { isAllowed, signal, timeoutMs } = source;
  const failure = { code: 'REVOCATION_UNAVAILABLE', service: 'server of the issuer' } as const;
  for (const url of certificate.issuerUrls.filter(isAllowed)) {
    try {
      const bytes = await exchange({
        url,
        method: 'GET',
        signal,
        timeoutMs,
        maxBytes: MAX_CERTIFICATE_BYTES,
        failure,
      });
      const issuer = parseCertificate(bytes);
      if (isIssuedBy(certificate, issuer)) return issuer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Asn1Error) && !InfluxionError.is(error)) throw error;
    }
  }
  throw refuse(
    certificate,
    'could not be checked: the certificate of its issuer is missing',
    'Import the key with all its issuers, or allow the address in the certificate.',
  );
}
