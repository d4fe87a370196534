/** A hidden window with one page, driven through Electron's debugger and printed by Electron. */
import { BrowserWindow, type WebContents } from 'electron';
import type { PrintSettings } from '../../core/pdf/engine.ts';
import { CdpError } from '../../core/pdf/page/cdp-session.ts';
import type { PageTarget, Printed, StreamReading } from '../../core/pdf/page/page-target.ts';
import { DebuggerSession } from './debugger-session.ts';
import { printOptions } from './print-options.ts';
import { printSession } from './print-session.ts';

export interface WindowTarget extends PageTarget {
  readonly session: DebuggerSession;
  /** Of the renderer; 0 once it is gone. */
  readonly pid: () => number;
  /** Ends the window at once, also one whose page hangs. */
  destroy(): void;
}

const SETUP_TIMEOUT_MS = 20_000;
const PART_BYTES = 4 * 1024 * 1024;
/** About a page of paper; what is printed is laid out anew for the paper that is asked for. */
const SIZE = { width: 800, height: 1130 };

/** `onGone`: the page went away without having been closed. Rejects when it does not come up within 20 seconds. */
export async function openWindowTarget(
  partition: string,
  onGone: (reason: string) => void,
): Promise<WindowTarget> {
  const window = new BrowserWindow({
    ...SIZE,
    show: false,
    skipTaskbar: true,
    focusable: false,
    webPreferences: {
      session: await printSession(partition),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      plugins: false,
      spellcheck: false,
      devTools: false,
      disableDialogs: true,
      navigateOnDragDrop: false,
      enableWebSQL: false,
      // Nobody ever sees the window, and a page that is throttled never becomes ready.
      backgroundThrottling: false,
    },
  });
  const { webContents: contents } = window;
  const destroy = (): void => {
    if (!window.isDestroyed()) window.destroy();
  };
  try {
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setAudioMuted(true);
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    let refused: (url: string) => void = () => undefined;
    const stayHere = (event: { readonly url: string; preventDefault(): void }): void => {
      event.preventDefault();
      refused(event.url);
    };
    contents.on('will-navigate', stayHere);
    contents.on('will-redirect', stayHere);
    await contents.loadURL('about:blank');
    const session = new DebuggerSession(contents.debugger);
    let isClosing = false;
    const gone = (reason: string): void => {
      session.close(reason);
      onGone(reason);
    };
    contents.on('render-process-gone', (_event, { reason }) => gone(`its renderer is gone (${reason})`));
    contents.once('destroyed', () => {
      if (isClosing) session.close('The page was closed');
      else gone('its window was closed');
    });
    const { frameTree } = (await session.send('Page.getFrameTree', {}, SETUP_TIMEOUT_MS)) as {
      readonly frameTree: { readonly frame: { readonly id: string } };
    };
    return {
      session,
      frameId: frameTree.frame.id,
      printsInTurn: false,
      onNavigationRefused: (listener) => (refused = listener),
      async print(settings, stream): Promise<Printed> {
        // A print whose window goes away may never be answered (electron#29485).
        const bytes = await Promise.race([printed(contents, settings), session.closed]);
        return stream ? { stream: (reading) => inParts(bytes, reading) } : { bytes };
      },
      pid: () => (contents.isDestroyed() ? 0 : contents.getOSProcessId()),
      giveUp: gone,
      destroy,
      close() {
        isClosing = true;
        destroy();
        return Promise.resolve();
      },
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

async function printed(contents: WebContents, settings: PrintSettings): Promise<Uint8Array> {
  try {
    return await contents.printToPDF(printOptions(settings));
  } catch (error) {
    throw new CdpError('printToPDF', error instanceof Error ? error.message : String(error));
  }
}

/** Electron answers with the whole; parts spare whoever stores it a second copy of it. */
async function* inParts(bytes: Uint8Array, { signal, finish }: StreamReading): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  try {
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      signal.throwIfAborted();
      yield await Promise.resolve(bytes.subarray(at, at + PART_BYTES));
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    finish(failure);
  }
}
