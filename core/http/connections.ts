/** What happens on a connection outside of any request: too many of them, garbage, headers that never end. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { InfluxionError } from '../error.ts';
import type { HttpLimits } from './http-deps.ts';
import { writeToSocket } from './raw-problem.ts';

/** Node's and llhttp's codes in our terms. */
function failureOf({ code }: NodeJS.ErrnoException): InfluxionError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new InfluxionError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new InfluxionError('HEADERS_TOO_LARGE', 'Address and header fields are larger than is taken.');
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new InfluxionError('BODY_TOO_LARGE', 'The chunk extensions of the body are larger than is taken.');
  }
  return new InfluxionError('BAD_REQUEST', 'What was sent is not a valid HTTP/1.1 request.');
}

/** Of the parser, not of the handshake of TLS, which comes the same way. */
const isHttpFailure = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';

/** `active` are the replies under way: nothing may be written between them. */
export function limitConnections(
  server: Server,
  limits: Pick<HttpLimits, 'connections' | 'connectionsPerAddress'>,
  active: ReadonlySet<ServerResponse>,
): void {
  const encrypted = server instanceof TlsServer;
  const byAddress = new Map<string, number>();
  server.maxConnections = limits.connections;

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, count);
    socket.once('close', () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    });
    if (count <= limits.connectionsPerAddress) return;
    // Before its handshake a connection with TLS takes no words.
    if (encrypted) socket.destroy();
    else {
      writeToSocket(
        socket,
        new InfluxionError('TOO_MANY_CONNECTIONS', 'This address has too many connections open.'),
      );
    }
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answered = [...active].some((response) => response.socket === socket && response.headersSent);
    const unspoken = error.code === 'ECONNRESET' || !socket.writable || (encrypted && !isHttpFailure(error));
    if (unspoken) socket.destroy();
    else if (answered) socket.destroySoon();
    else writeToSocket(socket, failureOf(error));
  });
}
