/** The one bridge into the page: facts, no calls. */
import { contextBridge } from 'electron';
import type { DesktopBridge } from '../contract/desktop.ts';

const bridge: DesktopBridge = {
  host: 'desktop',
  platform: process.platform,
  versions: { electron: process.versions.electron, chrome: process.versions.chrome },
};

contextBridge.exposeInMainWorld('influxion', bridge);
