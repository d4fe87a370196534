/** The studio's calls and events over Electron's IPC: who asks is checked here, what is asked by the core. */
import type { StudioEvent } from '../../contract/studio/event.ts';
import {
  StudioIpcCall,
  StudioIpcNote,
  type MenuCommand,
  type StudioChannels,
} from '../../contract/studio/ipc.ts';
import type { StudioReply } from '../../contract/studio/route.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { StudioEventHub } from '../../core/studio/event-hub.ts';
import type { StudioRouter } from '../../core/studio/router.ts';
import { isStudioPage, type SendingFrame } from './studio-sender.ts';

const REQUEST: StudioChannels['request'] = 'studio:request';
const EVENT: StudioChannels['event'] = 'studio:event';

/** What is used of Electron's WebContents. */
export interface StudioContents {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
  on(event: 'destroyed' | 'render-process-gone' | 'did-navigate', listener: () => void): unknown;
}

interface IpcEvent {
  readonly sender: StudioContents;
  readonly senderFrame: SendingFrame | null;
}

/** What is used of Electron's IpcMain. */
export interface StudioIpcMain {
  handle(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => Promise<unknown>): void;
  on(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => void): unknown;
}

export interface StudioSide {
  readonly router: Pick<StudioRouter, 'handle'>;
  readonly events: Pick<StudioEventHub, 'subscribe'>;
}

export interface StudioIpcDeps {
  readonly ipcMain: StudioIpcMain;
  /** Resolves once the core is open; calls wait for it. */
  readonly studio: Promise<StudioSide>;
  readonly logger: Logger;
  readonly onCommands: (commands: readonly MenuCommand[]) => void;
  /** A page has begun to listen to events. */
  readonly onListening: (contents: StudioContents) => void;
}

const refusal = (code: ErrorCode, message: string): StudioReply<object> => ({
  ok: false,
  error: { code, message, hint: null, errors: [], detail: null },
});

/** One page: what it has asked and not been answered, and whether it is told of events. */
class Page {
  readonly calls = new Map<number, AbortController>();
  stopListening: (() => void) | undefined;

  /** It went away or was loaded anew: nobody waits for the answers. */
  reset(): void {
    for (const call of this.calls.values()) call.abort();
    this.calls.clear();
    this.stopListening?.();
    this.stopListening = undefined;
  }
}

/** Answers the studio's pages from now on. */
export function serveStudioIpc(deps: StudioIpcDeps): void {
  const { ipcMain, studio, logger } = deps;
  const pages = new Map<number, Page>();

  const pageOf = (contents: StudioContents): Page => {
    const known = pages.get(contents.id);
    if (known !== undefined) return known;
    const page = new Page();
    pages.set(contents.id, page);
    contents.on('render-process-gone', () => page.reset());
    contents.on('did-navigate', () => page.reset());
    contents.on('destroyed', () => {
      page.reset();
      pages.delete(contents.id);
    });
    return page;
  };

  const listen = async (contents: StudioContents, page: Page): Promise<void> => {
    const { events } = await studio;
    if (contents.isDestroyed()) return;
    page.stopListening?.();
    page.stopListening = events.subscribe((event: StudioEvent) => {
      if (!contents.isDestroyed()) contents.send(EVENT, event);
    });
    deps.onListening(contents);
  };

  ipcMain.handle(REQUEST, async ({ sender, senderFrame }, ...args): Promise<StudioReply<object>> => {
    if (!isStudioPage(senderFrame)) {
      logger.warn({ origin: senderFrame?.origin }, 'A page that is not the studio asked for something');
      return refusal('STUDIO_FORBIDDEN', 'Only the page of the studio may ask.');
    }
    const call = StudioIpcCall.safeParse(args[0]);
    if (!call.success) return refusal('BAD_REQUEST', 'This is no call of the studio.');
    const { id, name, input } = call.data;
    const page = pageOf(sender);
    const controller = new AbortController();
    page.calls.set(id, controller);
    try {
      const { router } = await studio;
      const { signal } = controller;
      return await router.handle(name, input, { client: `window-${sender.id}`, signal });
    } catch {
      return refusal('SHUTTING_DOWN', 'Influxion is not running.');
    } finally {
      page.calls.delete(id);
    }
  });

  ipcMain.on(REQUEST, ({ sender, senderFrame }, ...args) => {
    if (!isStudioPage(senderFrame)) return;
    const note = StudioIpcNote.safeParse(args[0]);
    if (!note.success) return;
    const page = pageOf(sender);
    switch (note.data.kind) {
      case 'cancel':
        page.calls.get(note.data.id)?.abort();
        return;
      case 'commands':
        deps.onCommands(note.data.commands);
        return;
      case 'listening':
        listen(sender, page).catch((error: unknown) =>
          logger.debug({ err: error }, 'No studio to listen to'),
        );
    }
  });
}
