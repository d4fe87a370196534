/**
 * Fetches and delivers what is too large for a message. The addresses come in messages, so they are taken with care: no
 * redirects, nothing but http and https, never the link-local addresses where clouds keep their secrets.
 */
import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InfluxionError } from '../../error.ts';

export interface BlobCall {
  readonly signal: AbortSignal;
  /** Origins such as `http://api.example.com:8787` that may be asked; absent: any. */
  readonly origins?: readonly string[] | undefined;
}

/** Nothing moves for this long: the other side is gone. */
const IDLE_MS = 30_000;

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

/** Errors: BLOB_UNREACHABLE, BODY_TOO_LARGE, BLOB_REFUSED for an address that may not be asked. */
export async function readBlob(url: string, call: BlobCall & { readonly maxBytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await openBlob(url, call)) {
    size += chunk.length;
    if (size > call.maxBytes) throw tooLarge(call.maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The same piece by piece, without a limit of its own. */
export async function openBlob(url: string, call: BlobCall): Promise<AsyncIterable<Buffer>> {
  const answer = await send('GET', url, call);
  return pieces(answer, call.signal);
}

async function* pieces(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer) yield chunk as Buffer;
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable('It broke off', error);
  }
}

/** `size` in bytes, `sha256` in hexadecimal. Errors: those of readBlob. */
export async function writeBlob(
  url: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  call: BlobCall & { readonly size: number; readonly sha256: string; readonly contentType?: string },
): Promise<void> {
  const headers = {
    'content-type': call.contentType ?? 'application/pdf',
    'content-length': String(call.size),
    'content-digest': `sha-256=:${Buffer.from(call.sha256, 'hex').toString('base64')}:`,
  };
  const answer = await send('PUT', url, call, headers, bytes);
  answer.resume();
}

export async function removeBlob(url: string, call: BlobCall): Promise<void> {
  const answer = await send('DELETE', url, call);
  answer.resume();
}

/** The answer of a request that succeeded, its body still to be read. */
function send(
  method: string,
  url: string,
  { signal, origins }: BlobCall,
  headers: Readonly<Record<string, string>> = {},
  body?: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<IncomingMessage> {
  const target = allowed(url, origins);
  const start = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(signal.aborted ? (signal.reason as Error) : unreachable('It cannot be reached', error));
    };
    const outgoing = start(
      target,
      { method, headers, signal, timeout: IDLE_MS, lookup: carefulLookup },
      (answer) => {
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          resolve(answer);
          return;
        }
        answer.resume();
        reject(refusal(status));
        outgoing.destroy();
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('nothing moved for too long')));
    outgoing.on('error', fail);
    if (body === undefined) outgoing.end();
    else if (body instanceof Uint8Array) outgoing.end(body);
    else pipeline(Readable.from(body), outgoing).catch(fail);
  });
}

function allowed(url: string, origins: readonly string[] | undefined): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol)) throw refused('is no http address');
  if (origins !== undefined && !origins.includes(target.origin)) {
    throw refused('is not at one of the origins that INFLUXION_BLOB_ORIGINS allows');
  }
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && isLinkLocal(host)) throw refused('is link-local');
  return target;
}

function isLinkLocal(address: string): boolean {
  return linkLocal.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const carefulLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, []);
      return;
    }
    const safe = addresses.filter(({ address }) => !isLinkLocal(address));
    const [first] = safe;
    if (first === undefined) done(refused('is link-local'), []);
    else if (options.all === true) done(null, safe);
    else done(null, first.address, first.family);
  });
};

const refused = (why: string): InfluxionError =>
  new InfluxionError('BLOB_REFUSED', `An address for large data ${why}, so it was not used.`);

const NO_WAY = 'The worker must reach the address of the API host (INFLUXION_BLOBS_URL) or of the S3 store.';
const NO_TRUST =
  'The worker must trust the certificate there, and it must be for that name: start it with ' +
  'NODE_EXTRA_CA_CERTS=FILE (of an API host: lan-certificate.pem in its data folder).';

const unreachable = (what: string, cause?: unknown): InfluxionError => {
  if (InfluxionError.is(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new InfluxionError(
    'BLOB_UNREACHABLE',
    `Large data could not be fetched or delivered: ${what}${code === '' ? '' : ` (${code})`}.`,
    { hint: /CERT|ISSUER|SIGNATURE/.test(code) ? NO_TRUST : NO_WAY },
    cause,
  );
};

function refusal(status: number): InfluxionError {
  if (status === 413) return new InfluxionError('BODY_TOO_LARGE', 'The document is larger than is taken.');
  return unreachable(`the store answered with status ${status}`);
}

const tooLarge = (maxBytes: number): InfluxionError =>
  new InfluxionError('BODY_TOO_LARGE', `The data is larger than the ${maxBytes} bytes that are taken.`);
