/** Bytes on a socket, for what no HTTP client would send. */
import { connect, type Socket } from 'node:net';

/** Sends the text and returns all that comes until the server closes. */
export async function sendRaw(port: number, text: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const received = collect(socket);
  socket.write(text);
  return received;
}

/** All bytes until the connection ends, however it ends. */
export async function collect(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The first reply of what a socket received. */
export function parseReply(text: string): RawReply {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
