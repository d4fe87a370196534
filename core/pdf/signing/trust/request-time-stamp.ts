/** Asks a time-stamp server over HTTP (RFC 3161 §3.4) and believes nothing that it answers without a check. */
import { randomBytes } from 'node:crypto';
import { InfluxionError } from '../../../error.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import * as der from '../asn1/der.ts';
import { hashAlgorithm, type SignatureHash } from '../cms/signature-hash.ts';
import { exchange } from './exchange.ts';
import {
  faultOfToken,
  parseTimeStampToken,
  readTimeStampReply,
  type TimeStampToken,
} from './time-stamp-token.ts';

export interface TimeStampRequest {
  /** Of the time-stamp server; nothing else is reached. */
  readonly url: string;
  readonly digest: Uint8Array;
  readonly hash: SignatureHash;
  /** HTTP Basic. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** The policy to ask for, an object identifier; else the server chooses. */
  readonly policy?: string;
  readonly signal: AbortSignal;
  /** From the request to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface TimeStamp {
  /** The token, CMS in DER. */
  readonly token: Uint8Array;
  readonly facts: TimeStampToken;
}

const VERSION = 1;
const NONCE_BYTES = 16;
/** Tokens with long chains of certificates have some ten thousand bytes. */
const MAX_REPLY_BYTES = 512 * 1024;
/** Granted, and granted with changes. */
const LAST_GRANTED = 1;

/** Errors: TIMESTAMP_FAILED in words for everything that is not a good token; the reason of `signal`. */
export async function requestTimeStamp(request: TimeStampRequest): Promise<TimeStamp> {
  const { url, digest, hash, auth, policy, signal, timeoutMs } = request;
  const nonce = randomBytes(NONCE_BYTES);
  const query = der.sequence(
    der.integer(VERSION),
    der.sequence(hashAlgorithm(hash), der.octetString(digest)),
    ...(policy === undefined ? [] : [der.oid(policy)]),
    der.unsignedInteger(nonce),
    der.boolean(true),
  );
  const bytes = await exchange({
    url,
    method: 'POST',
    type: 'application/timestamp-query',
    body: query,
    ...(auth && { auth }),
    signal,
    timeoutMs,
    maxBytes: MAX_REPLY_BYTES,
    failure: { code: 'TIMESTAMP_FAILED', service: 'time-stamp server' },
  });
  const refuse = (what: string, cause?: unknown): InfluxionError =>
    new InfluxionError(
      'TIMESTAMP_FAILED',
      `The time-stamp server at ${new URL(url).host} ${what}.`,
      { hint: 'Check its address, or choose another server.' },
      cause,
    );
  try {
    const { status, token } = readTimeStampReply(bytes);
    if (status > LAST_GRANTED || token === undefined)
      throw refuse(`refuses to time-stamp (status ${status})`);
    const facts = parseTimeStampToken(token.raw);
    const fault = faultOfToken(facts, digest) ?? faultOfAnswer(facts, request, nonce);
    if (fault !== undefined) throw refuse(`gives a time-stamp that cannot be used: ${fault}`);
    return { token: token.raw, facts };
  } catch (error) {
    if (error instanceof Asn1Error) throw refuse('answers with something else than a time-stamp', error);
    throw error;
  }
}

/** What makes a whole token the wrong answer. */
function faultOfAnswer(
  facts: TimeStampToken,
  { hash, policy }: TimeStampRequest,
  nonce: Uint8Array,
): string | undefined {
  if (facts.hash !== hash) return 'it names another hash function';
  if (facts.nonce !== BigInt(`0x${Buffer.from(nonce).toString('hex')}`)) return 'it answers another request';
  if (policy !== undefined && facts.policy !== policy) return 'it follows another policy than was asked for';
  return undefined;
}
