import type { DesktopBridge } from '../contract/desktop.ts';

declare global {
  interface Window {
    /** Present in the desktop app. */
    readonly influxion?: DesktopBridge;
  }
}
