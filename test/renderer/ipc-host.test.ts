/** The host over IPC: the page's side and the app's side joined by what stands for Electron's channel. */
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import type { DesktopBridge } from '../../contract/desktop.ts';
import { serveStudioIpc, type StudioContents, type StudioIpcMain } from '../../main/ipc/studio-ipc.ts';
import { createIpcHost } from '../../renderer/host/ipc.ts';
import { silentLogger } from '../support/engine-folders.ts';
import { studioHostContract } from './studio-host.contract.ts';

const SENDER = { parent: null, origin: 'app://studio' };

/** Cloned like every value that goes through Electron. */
const crossed = <Value>(value: Value): Value => structuredClone(value);

studioHostContract('the IPC host', (router) => {
  const events = new StudioEventHub();
  const listeners = new Set<(event: never) => void>();
  let handle: Parameters<StudioIpcMain['handle']>[1] | undefined;
  let note: Parameters<StudioIpcMain['on']>[1] | undefined;
  let destroyed = (): void => undefined;
  const sender: StudioContents = {
    id: 1,
    isDestroyed: () => false,
    send: (_channel, event) => {
      for (const listener of listeners) listener(crossed(event) as never);
    },
    on: (event, listener) => {
      if (event === 'destroyed') destroyed = listener;
    },
  };
  serveStudioIpc({
    ipcMain: { handle: (_channel, added) => (handle = added), on: (_channel, added) => (note = added) },
    studio: Promise.resolve({ router, events }),
    logger: silentLogger,
    onCommands: () => undefined,
    onListening: () => undefined,
  });
  const bridge: DesktopBridge = {
    host: 'desktop',
    platform: 'linux',
    versions: { electron: '45', chrome: '156' },
    request: async (id, name, input) =>
      crossed(await handle?.({ sender, senderFrame: SENDER }, crossed({ id, name, input }))) as never,
    cancel: (id) => note?.({ sender, senderFrame: SENDER }, { kind: 'cancel', id }),
    on: (listener) => {
      listeners.add(listener);
      note?.({ sender, senderFrame: SENDER }, { kind: 'listening' });
      return () => void listeners.delete(listener);
    },
    showCommands: () => undefined,
  };
  return Promise.resolve({
    host: createIpcHost(bridge),
    events,
    dispose: () => {
      destroyed();
      return Promise.resolve();
    },
  });
});
