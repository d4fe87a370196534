/** The host over HTTP, on a real socket; the browser's parts that Node lacks stand in. */
import fastify from 'fastify';
import { vi } from 'vitest';
import { registerStudioRpc } from '../../core/http/studio/studio-rpc-routes.ts';
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import { createRpcHost } from '../../renderer/host/rpc.ts';
import { studioHostContract } from './studio-host.contract.ts';

/** Reads an event stream as a browser does (HTML standard, "Server-sent events"), as far as one line a field goes. */
function eventSource(origin: string): typeof EventSource {
  return class extends EventTarget {
    static readonly CLOSED = 2;
    readonly readyState = 1;
    readonly #controller = new AbortController();
    constructor(url: string) {
      super();
      this.#read(`${origin}${url}`).catch(() => undefined);
    }
    async #read(url: string): Promise<void> {
      const { body } = await fetch(url, { signal: this.#controller.signal });
      this.dispatchEvent(new Event('open'));
      let text = '';
      for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (text + part).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) {
          if (line.startsWith('data: '))
            this.dispatchEvent(new MessageEvent('message', { data: line.slice(6) }));
        }
      }
    }
    close(): void {
      this.#controller.abort();
    }
  } as unknown as typeof EventSource;
}

studioHostContract('the HTTP host', async (router) => {
  const events = new StudioEventHub();
  const app = fastify({ forceCloseConnections: true });
  await app.register(
    (scope, _options, done) => {
      registerStudioRpc(scope, { router, events });
      done();
    },
    { prefix: '/studio' },
  );
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const { fetch: real } = globalThis;
  vi.stubGlobal('EventSource', eventSource(origin));
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) =>
    real(url.startsWith('/') ? `${origin}${url}` : url, init),
  );
  return {
    host: createRpcHost('window-1'),
    events,
    dispose: async () => {
      vi.unstubAllGlobals();
      await app.close();
    },
  };
});
