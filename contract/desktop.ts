/** What the desktop app's preload script adds to its window as `influxion`; absent in a browser. */
export interface DesktopBridge {
  readonly host: 'desktop';
  readonly platform: string;
  readonly versions: { readonly electron: string; readonly chrome: string };
}
