/**
 * How a command reaches the data folder. One process owns it at a time: when Influxion is running, its API is called
 * with the owner's token; else this process opens the folder itself, without engine and queue, and calls the same
 * routes. The commands see no difference.
 */
import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import { Problem } from '../contract/problem.ts';
import { InfluxionError } from '../core/error.ts';

export interface HostRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly bytes: string | Uint8Array };
}

export interface HostReply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HostConnection extends AsyncDisposable {
  /** True when a running Influxion answers, so that jobs are worked on. */
  readonly live: boolean;
  /** The address of that Influxion. */
  readonly url: string | undefined;
  /** Any status is a reply; only an unreachable host rejects. */
  request(request: HostRequest): Promise<HostReply>;
}

export async function readBody(reply: HostReply): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function failureOf(reply: HostReply): Promise<InfluxionError> {
  const text = (await readBody(reply)).toString();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    return new InfluxionError('INTERNAL', `Influxion answered with status ${reply.status}.`);
  }
  const { code, detail, errors } = problem.data;
  const known: ErrorCode = code in ERRORS ? code : 'INTERNAL';
  return new InfluxionError(known, detail, errors === undefined ? {} : { errors });
}

/** The reply of a call that must succeed; a problem document becomes the InfluxionError that it tells of. */
export async function call(connection: HostConnection, request: HostRequest): Promise<HostReply> {
  const reply = await connection.request(request);
  if (reply.status >= 400) throw await failureOf(reply);
  return reply;
}

export async function callJson<Schema extends z.ZodType>(
  connection: HostConnection,
  schema: Schema,
  request: HostRequest,
): Promise<z.infer<Schema>> {
  const reply = await call(connection, request);
  return schema.parse(JSON.parse((await readBody(reply)).toString()));
}

export const jsonBody = (value: unknown): { type: string; bytes: string } => ({
  type: 'application/json',
  bytes: JSON.stringify(value),
});
