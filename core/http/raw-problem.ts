/** Problems where fastify has no part: before routing, and on sockets whose bytes are no HTTP. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InfluxionError } from '../error.ts';
import { PROBLEM_TYPE, problemOf, retryAfterSeconds } from './problem.ts';

const headersOf = (error: InfluxionError, body: string): Record<string, string> => {
  const retryAfter = retryAfterSeconds(error);
  return {
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  };
};

export function respondRaw(response: ServerResponse, error: InfluxionError): void {
  const body = JSON.stringify(problemOf(error));
  response.writeHead(error.status, headersOf(error, body));
  response.end(body);
}

/** Answers and closes; the peer has a moment to read. */
export function writeToSocket(socket: Duplex, error: InfluxionError): void {
  const body = JSON.stringify(problemOf(error));
  const head = Object.entries(headersOf(error, body)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}\r\n${head.join('')}\r\n${body}`,
    () => socket.destroy(),
  );
}
