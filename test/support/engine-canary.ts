/** Listens on the loopback for whatever a document should not have been able to send. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

export interface Canary extends AsyncDisposable {
  readonly port: number;
  /** What came, one line each. */
  readonly heard: readonly string[];
}

/** TCP on all addresses of this machine and UDP on the same port. */
export async function openCanary(): Promise<Canary> {
  const heard: string[] = [];
  const tcp = net.createServer((socket) => {
    heard.push(`TCP connection from ${socket.remoteAddress ?? ''}`);
    socket.on('data', (data) => heard.push(`TCP ${data.toString('latin1', 0, 60)}`));
    socket.on('error', () => undefined);
    socket.destroy();
  });
  tcp.listen(0);
  await once(tcp, 'listening');
  const { port } = tcp.address() as net.AddressInfo;
  const udp = dgram.createSocket('udp4', (message) => heard.push(`UDP ${message.length} bytes`));
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    heard,
    [Symbol.asyncDispose]: async () => {
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}
