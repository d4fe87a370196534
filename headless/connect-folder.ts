import { InfluxionError } from '../core/error.ts';
import type { Influxion } from '../core/influxion.ts';
import type { Paths } from '../core/ports.ts';
import type { HostConnection } from './host-connection.ts';
import { openHost } from './open-host.ts';

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

const connectionTo = (influxion: Influxion, live: boolean, drainMs: number): HostConnection => ({
  live,
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
  [Symbol.asyncDispose]: () => influxion.close(drainMs),
});

/** The data folder that nobody owns, opened in this process: its routes answer, no job runs. */
export async function connectToFolder(paths: Paths): Promise<HostConnection> {
  const { influxion } = await openHost({ paths, logLevel: 'error' });
  return connectionTo(influxion, false, 0);
}

/** What runs when a command ends gets so long. */
const DRAIN_MS = 10_000;

/** The same, and its jobs run in this process until the connection is closed. Errors: ENGINE_NOT_FOUND, ENGINE_START_FAILED. */
export async function workOnFolder(
  paths: Paths,
  options: { readonly workers?: number | undefined; readonly browser?: string | undefined },
): Promise<HostConnection> {
  const { influxion } = await openHost({ paths, logLevel: 'error', ...options });
  try {
    await influxion.start();
  } catch (error) {
    await influxion.close(0);
    throw InfluxionError.from(error);
  }
  return connectionTo(influxion, true, DRAIN_MS);
}
