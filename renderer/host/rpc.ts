/** The StudioHost over HTTP, for a page that the Node host served. */
import { decodeFrame, encodeFrame, FRAME_TYPE, STUDIO_HEADER } from '../../contract/studio/frame.ts';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { StudioReply } from '../../contract/studio/route.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../contract/studio/table.ts';
import { HostFailure, type ConnectionState, type StudioHost } from './studio-host.ts';

const UNREACHABLE =
  'Influxion does not answer. It may have been stopped; start it again and this page goes on.';

/** After the host refused the stream of events. */
const AGAIN_MS = 2000;

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

function encoded(input: object): { type: string; body: BodyInit } {
  if (!('bytes' in input)) return { type: 'application/json', body: JSON.stringify(input) };
  const { buffer, byteOffset, byteLength } = encodeFrame(input);
  return { type: FRAME_TYPE, body: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
}

async function decoded(response: Response): Promise<StudioReply<object>> {
  if (response.headers.get('content-type') === FRAME_TYPE) {
    return decodeFrame(new Uint8Array(await response.arrayBuffer())) as StudioReply<object>;
  }
  const body = (await response.json()) as StudioReply<object> | { readonly detail?: string };
  if ('ok' in body) return body;
  throw new HostFailure(body.detail ?? `Influxion refused the request (HTTP ${response.status}).`);
}

/** `window` tells the host this page from others of the same browser. */
export function createRpcHost(window: string): StudioHost {
  const listeners = new Set<(event: StudioEvent) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  let source: EventSource | undefined;
  let connection: ConnectionState = 'up';
  const emit = (event: StudioEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const turn = (state: ConnectionState): void => {
    if (state === connection) return;
    connection = state;
    for (const watcher of watchers) watcher(state);
    if (state === 'up') emit({ type: 'resync' });
  };
  const connect = (): void => {
    const stream = new EventSource('/studio/events');
    source = stream;
    stream.addEventListener('message', ({ data }) => emit(JSON.parse(data as string) as StudioEvent));
    stream.addEventListener('open', () => turn('up'));
    stream.addEventListener('error', () => {
      // The browser itself tries again after a lost connection, but not after a refusal.
      const isRefused = stream.readyState === EventSource.CLOSED;
      turn(isRefused ? 'refused' : 'lost');
      if (!isRefused) return;
      setTimeout(() => {
        if (source === stream) connect();
      }, AGAIN_MS);
    });
  };

  return {
    capabilities: { kind: 'browser', platform: navigator.platform, nativeMenus: false },

    async request<Name extends RouteName>(name: Name, input: RouteInput<Name>, signal?: AbortSignal) {
      const { type, body } = encoded(input);
      let reply: StudioReply<object>;
      try {
        const response = await fetch(`/studio/rpc/${name}`, {
          method: 'POST',
          headers: { 'content-type': type, [STUDIO_HEADER]: '1', 'x-influxion-window': window },
          body,
          ...(signal !== undefined && { signal }),
        });
        reply = await decoded(response);
      } catch (error) {
        if (isAbort(error) || error instanceof HostFailure) throw error;
        throw new HostFailure(UNREACHABLE, undefined, error);
      }
      if (!reply.ok) throw new HostFailure(reply.error.message, reply.error);
      return reply.data as RouteOutput<Name>;
    },

    subscribe(listener) {
      // A function of its own, so that the same listener can be there twice.
      const own = (event: StudioEvent): void => listener(event);
      listeners.add(own);
      if (source === undefined) connect();
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        source?.close();
        source = undefined;
      };
    },

    watchConnection(watcher) {
      watchers.add(watcher);
      watcher(connection);
      return () => watchers.delete(watcher);
    },
  };
}
