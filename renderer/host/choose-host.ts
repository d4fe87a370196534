import type { DesktopBridge } from '../../contract/desktop.ts';
import { createIpcHost } from './ipc.ts';
import { createRpcHost } from './rpc.ts';
import type { StudioHost } from './studio-host.ts';

/** The host behind this page: the desktop app where its bridge is there, else the one that served the page. */
export const chooseHost = (bridge: DesktopBridge | undefined): StudioHost =>
  bridge === undefined ? createRpcHost(crypto.randomUUID()) : createIpcHost(bridge);
