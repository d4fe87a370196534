import type { HostConnection } from './host-connection.ts';
import { InfluxionError } from '../core/error.ts';

/** From sending a request to the header of its reply; the body may take as long as it flows. */
const ANSWER_MS = 60_000;

async function* noBody(): AsyncIterable<Uint8Array> {}

/** The running owner of the data folder, over its API on this machine. */
export function connectToServer(url: string, token: string): HostConnection {
  return {
    live: true,
    url,
    async request({ method, path, body }) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), ANSWER_MS);
      try {
        const reply = await fetch(new URL(path, url), {
          method,
          headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': body.type }) },
          ...(body && { body: typeof body.bytes === 'string' ? body.bytes : new Uint8Array(body.bytes) }),
          redirect: 'error',
          signal: controller.signal,
        });
        return {
          status: reply.status,
          header: (name) => reply.headers.get(name) ?? undefined,
          body: reply.body ?? noBody(),
        };
      } catch (error) {
        throw new InfluxionError(
          'DATA_FOLDER_IN_USE',
          controller.signal.aborted
            ? `The Influxion at ${url} owns this data folder but does not answer.`
            : `The Influxion at ${url} owns this data folder but cannot be reached.`,
          { hint: 'Stop it and try again.' },
          error,
        );
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
