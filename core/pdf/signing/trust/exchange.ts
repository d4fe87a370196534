/** One HTTP exchange with a trust service: to the address that was set and nowhere else, within a deadline and a size. */
import type { ErrorCode } from '../../../../contract/errors.ts';
import { InfluxionError } from '../../../error.ts';

export interface Exchange {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Sent as the content type. */
  readonly type?: string;
  readonly body?: Uint8Array;
  /** HTTP Basic. */
  readonly auth?: { readonly user: string; readonly password: string };
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** How a failure is told: its code, and what does not answer. */
  readonly failure: { readonly code: ErrorCode; readonly service: string };
}

/**
 * The body of the answer. Errors: the code of `failure` when there is no answer in time, another status than 200, too many
 * bytes, or an address that is none; the reason of `signal` when that is aborted.
 */
export async function exchange(request: Exchange): Promise<Uint8Array> {
  const { method, type, body, auth, signal, timeoutMs, maxBytes, failure } = request;
  const url = addressOf(request.url, failure);
  const fail = (what: string, cause?: unknown): InfluxionError =>
    // The host alone: paths and credentials of an address may be secrets.
    new InfluxionError(failure.code, `The ${failure.service} at ${url.host} ${what}.`, {}, cause);
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const reply = await fetch(url, {
      method,
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        ...(auth && { authorization: basic(auth) }),
      },
      ...(body && { body: new Uint8Array(body) }),
      redirect: 'error',
      signal: AbortSignal.any([signal, deadline]),
    });
    if (reply.status !== 200) {
      await reply.body?.cancel();
      throw fail(
        reply.status === 401 ? 'asks for a user and a password' : `answers with status ${reply.status}`,
      );
    }
    return await readWithin(reply, maxBytes, () => fail('answers with more than can be used'));
  } catch (error) {
    if (InfluxionError.is(error)) throw error;
    signal.throwIfAborted();
    throw deadline.aborted
      ? fail(`did not answer within ${Math.ceil(timeoutMs / 1000)} s`, error)
      : fail('cannot be reached', error);
  }
}

function addressOf(text: string, { code, service }: Exchange['failure']): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new InfluxionError(code, `The address of the ${service} is not one of HTTP.`);
}

const basic = ({ user, password }: { readonly user: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function readWithin(
  reply: Response,
  maxBytes: number,
  tooMuch: () => InfluxionError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
