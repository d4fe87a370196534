/** One HTTP POST to an address that was judged, connected to what was looked up, within a deadline. Follows nothing. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { InfluxionError } from '../error.ts';
import { permitFor } from './allowed-address.ts';
import { bareHost, refuseAddresses, refuseNumber, type ResolveName } from './reach.ts';

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the owner allows now. */
  readonly allowed: readonly string[];
  readonly resolve: ResolveName;
  readonly signal: AbortSignal;
  /** For name, connection, request and answer together. */
  readonly timeoutMs: number;
}

export interface WebhookAnswer {
  readonly status: number;
  /** As the header says it, in milliseconds; undefined without one that can be read. */
  readonly retryAfterMs: number | undefined;
}

/** Of an answer's body, which nobody reads. */
const MOST_ANSWER_BYTES = 64 * 1024;

/**
 * Any status is an answer. Errors: WEBHOOK_NOT_ALLOWED when the list or the network address forbids it, WEBHOOK_FAILED when there is
 * no answer, the reason of `signal` when that is aborted.
 */
export async function postWebhook(post: WebhookPost): Promise<WebhookAnswer> {
  const { signal, timeoutMs } = post;
  const url = new URL(post.url);
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    const addresses = await abortable(reachable(url, post), either);
    return await exchange(url, post, addresses, either);
  } catch (error) {
    if (InfluxionError.is(error)) throw error;
    signal.throwIfAborted();
    const what = deadline.aborted ? `did not answer within ${timeoutMs / 1000} s` : inWords(error);
    throw new InfluxionError('WEBHOOK_FAILED', `${url.host} ${what}.`, {}, error);
  }
}

/** The addresses to connect to; undefined for a host that is a number. */
async function reachable(
  url: URL,
  { allowed, resolve }: WebhookPost,
): Promise<readonly LookupAddress[] | undefined> {
  const permit = permitFor(url, allowed);
  if (permit === undefined) throw notAllowed(`${url.host} is no longer on the list of allowed addresses`);
  const host = bareHost(url);
  if (isIP(host) !== 0) {
    const refusal = refuseNumber(url, permit);
    if (refusal !== undefined) throw notAllowed(`${url.host} ${refusal}`);
    return undefined;
  }
  const addresses = await resolve(host);
  const refusal = refuseAddresses(host, addresses, permit);
  if (refusal !== undefined) throw notAllowed(`What the name ${host} leads to ${refusal}`);
  return addresses;
}

const notAllowed = (what: string): InfluxionError => new InfluxionError('WEBHOOK_NOT_ALLOWED', `${what}.`);

function exchange(
  url: URL,
  { headers, body }: WebhookPost,
  addresses: readonly LookupAddress[] | undefined,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A connection of its own: one that was kept could lead to what the name meant earlier.
      agent: false,
      signal,
      ...(addresses && { lookup: pinned(addresses) }),
    });
    request.once('error', reject);
    request.once('response', (reply) => {
      const answer = { status: reply.statusCode ?? 0, retryAfterMs: retryAfter(reply) };
      // The status says it all; the rest is only let run out, so that the other side sees no broken connection.
      drain(reply, () => {
        request.destroy();
        resolve(answer);
      });
    });
    request.end(body);
  });
}

function drain(reply: IncomingMessage, done: () => void): void {
  let size = 0;
  reply.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) done();
  });
  reply.once('end', done);
  reply.once('error', done);
  reply.once('close', done);
}

const pinned =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

/** Seconds or a date (RFC 9110 §10.2.3); the clock of the other side is not asked. */
function retryAfter(reply: IncomingMessage): number | undefined {
  const text = reply.headers['retry-after'];
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is a name that nobody knows',
  EAI_AGAIN: 'cannot be looked up now',
  ECONNREFUSED: 'takes no connections',
  ECONNRESET: 'broke the connection off',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that this computer does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that this computer does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that this computer does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate that this computer does not trust',
};

function inWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('HPE_')) return 'does not answer in HTTP';
  return CAUSES[code] ?? 'cannot be reached';
}

/** Looking up a name cannot be stopped; nobody waits for it any longer. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
