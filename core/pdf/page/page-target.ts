import type { PrintSettings } from '../engine.ts';
import type { CdpSession } from './cdp-session.ts';

export interface StreamReading {
  /** Bounds the whole reading: its reason is thrown. */
  readonly signal: AbortSignal;
  /** Called exactly once, also when the consumer returns early; with the error when it did not come to its end. */
  readonly finish: (error: unknown) => void;
}

/** A printed document: its bytes, or how to read them in parts. */
export type Printed =
  { readonly bytes: Uint8Array } | { readonly stream: (reading: StreamReading) => AsyncIterable<Uint8Array> };

/** What carries a page: a target of a browser process, or a hidden window. */
export interface PageTarget {
  readonly session: CdpSession;
  /** Of the main frame. */
  readonly frameId: string;
  /** Whether a print begins after the commands that were sent before it, without waiting for their replies. */
  readonly printsInTurn: boolean;
  /**
   * Draws one frame, on a page that draws none by itself: nobody sees it, and to draw each document takes a tenth of a
   * one-page invoice. Bounded by 20 seconds, or by the end of the session. Undefined where frames come by themselves.
   */
  readonly drawFrame?: () => Promise<void>;
  /** Calls back for each navigation that the carrier refuses by itself, before it becomes a request. */
  onNavigationRefused(listener: (url: string) => void): void;
  /** Prints what the page holds; `stream`: the file may have tens of megabytes. Rejects with Chromium's error. */
  print(settings: PrintSettings, stream: boolean): Promise<Printed>;
  /** The page is beyond help: everything that waits for it rejects. */
  giveUp(reason: string): void;
  /** Rejects when that takes longer than two seconds. */
  close(): Promise<void>;
}
