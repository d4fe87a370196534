/** `fetch` whose every reply is held against the OpenAPI document and, when it is a failure, against RFC 9457. */
import { expect } from 'vitest';
import { Problem } from '../../contract/problem.ts';
import { nonconformance } from './http-conformance.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface CallOptions {
  readonly headers?: Record<string, string>;
  /** An object goes as JSON, anything else as it is. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | URLSearchParams =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof URLSearchParams;

export async function call(
  base: { readonly url: string },
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Reply> {
  const { body, headers = {}, signal } = options;
  const raw = isRaw(body);
  const reply = await fetch(base.url + path, {
    method,
    headers: { ...(body !== undefined && !raw && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
    redirect: 'manual',
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const text = bytes.toString();
  const type = reply.headers.get('content-type');
  if (method !== 'HEAD') {
    expect(nonconformance(method, path, { status: reply.status, type, text })).toBeUndefined();
  }
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  if (reply.status >= 400 && path !== '/token' && path !== '/health' && method !== 'HEAD') {
    expect(type).toBe('application/problem+json');
    const problem = Problem.parse(JSON.parse(text));
    expect(problem.status).toBe(reply.status);
    expect(problem.type).toMatch(/^urn:influxion:problem:[a-z-]+$/);
    expect(text).not.toMatch(/\\n +at |node_modules|\/tmp\//);
  }
  return { status: reply.status, headers: reply.headers, bytes, text, json: <T>() => JSON.parse(text) as T };
}
