import type { StudioEvent } from './studio/event.ts';
import type { MenuCommand } from './studio/ipc.ts';
import type { StudioReply } from './studio/route.ts';

/** What the desktop app's preload script adds to its window as `influxion`; absent in a browser. */
export interface DesktopBridge {
  readonly host: 'desktop';
  readonly platform: string;
  readonly versions: { readonly electron: string; readonly chrome: string };
  /** Asks the app; `id` is the caller's, to cancel by. Never rejects but when the app is leaving. */
  request(id: number, name: string, input: unknown): Promise<StudioReply<object>>;
  cancel(id: number): void;
  /** Calls back for each event until disposed. */
  on(listener: (event: StudioEvent) => void): () => void;
  /** What the native menus offer from now on. */
  showCommands(commands: readonly MenuCommand[]): void;
}
