import type { Paths } from '../core/ports.ts';
import type { HostConnection } from './host-connection.ts';
import { openHost } from './open-host.ts';

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** The data folder that nobody owns, opened in this process: its routes answer, no job runs. */
export async function connectToFolder(paths: Paths): Promise<HostConnection> {
  const { influxion } = await openHost({ paths, logLevel: 'error' });
  return {
    live: false,
    url: undefined,
    async request({ method, path, body }) {
      const reply = await influxion.http.inject({
        method,
        url: path,
        ...(body && { headers: { 'content-type': body.type }, body: body.bytes }),
      });
      return {
        status: reply.status,
        header: (name) => reply.headers[name.toLowerCase()],
        body: once(reply.body),
      };
    },
    [Symbol.asyncDispose]: () => influxion.close(0),
  };
}
