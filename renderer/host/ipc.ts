/** The StudioHost over the bridge of the desktop app. */
import type { DesktopBridge } from '../../contract/desktop.ts';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { StudioReply } from '../../contract/studio/route.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../contract/studio/table.ts';
import { HostFailure, type StudioHost } from './studio-host.ts';

const LEAVING = 'Influxion is being closed.';

const reasonOf = (signal: AbortSignal): Error => signal.reason as Error;

export function createIpcHost(bridge: DesktopBridge): StudioHost {
  let lastId = 0;
  const listeners = new Set<(event: StudioEvent) => void>();
  let stop: (() => void) | undefined;
  return {
    capabilities: { kind: 'desktop', platform: bridge.platform, nativeMenus: true },

    async request<Name extends RouteName>(name: Name, input: RouteInput<Name>, signal?: AbortSignal) {
      signal?.throwIfAborted();
      const id = ++lastId;
      const aborted = Promise.withResolvers<never>();
      aborted.promise.catch(() => undefined);
      const abort = (): void => {
        bridge.cancel(id);
        if (signal) aborted.reject(reasonOf(signal));
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        const reply = await Promise.race([answer(bridge, id, name, input), aborted.promise]);
        if (!reply.ok) throw new HostFailure(reply.error.message, reply.error);
        return reply.data as RouteOutput<Name>;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },

    subscribe(listener) {
      // A function of its own, so that the same listener can be there twice.
      const own = (event: StudioEvent): void => listener(event);
      listeners.add(own);
      stop ??= bridge.on((event) => {
        for (const each of listeners) each(event);
      });
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },

    showCommands: (commands) => bridge.showCommands(commands),
  };
}

async function answer(
  bridge: DesktopBridge,
  id: number,
  name: string,
  input: unknown,
): Promise<StudioReply<object>> {
  try {
    return await bridge.request(id, name, input);
  } catch (error) {
    throw new HostFailure(LEAVING, undefined, error);
  }
}
