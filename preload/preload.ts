/** The one bridge into the page. No logic: what may be asked is decided where it arrives. */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { DesktopBridge } from '../contract/desktop.ts';
import type { StudioEvent } from '../contract/studio/event.ts';
import type { StudioChannels, StudioIpcNote } from '../contract/studio/ipc.ts';
import type { StudioReply } from '../contract/studio/route.ts';

const REQUEST: StudioChannels['request'] = 'studio:request';
const EVENT: StudioChannels['event'] = 'studio:event';

const note = (what: StudioIpcNote): void => ipcRenderer.send(REQUEST, what);

const bridge: DesktopBridge = {
  host: 'desktop',
  platform: process.platform,
  versions: { electron: process.versions.electron, chrome: process.versions.chrome },
  request: (id, name, input) =>
    ipcRenderer.invoke(REQUEST, { id, name, input }) as Promise<StudioReply<object>>,
  cancel: (id) => note({ kind: 'cancel', id }),
  on: (listener) => {
    // The page never gets Electron's event object.
    const own = (_event: IpcRendererEvent, event: StudioEvent): void => listener(event);
    ipcRenderer.on(EVENT, own);
    note({ kind: 'listening' });
    return () => void ipcRenderer.off(EVENT, own);
  },
  showCommands: (commands) => note({ kind: 'commands', commands: [...commands] }),
};

contextBridge.exposeInMainWorld('influxion', bridge);
