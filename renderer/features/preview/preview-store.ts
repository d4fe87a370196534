/** What the preview pane shows, beside the pages themselves. */
import { createStore, type StoreApi } from 'zustand';
import type { PreviewOutput } from '../../../contract/studio/preview.ts';
import type { HostFailure } from '../../host/studio-host.ts';
import type { Zoom } from './page-layout.ts';
import type { OpenPdf, PdfReader } from './pdf-reader.ts';

export type SidePanel = 'none' | 'thumbnails' | 'outline';

export interface Shown {
  readonly reader: PdfReader;
  readonly pdf: OpenPdf;
  readonly output: PreviewOutput;
  /** Milliseconds from the reply to its pixels. */
  readonly drawnMs: number;
  /** Milliseconds from the edit to its pixels. */
  readonly totalMs: number;
}

export interface FindState {
  readonly query: string;
  readonly found: number;
  /** Which of them is marked, from 1; 0 when none is. */
  readonly current: number;
  readonly isSearching: boolean;
}

export interface PreviewState {
  /** The last version that could be printed. */
  readonly shown: Shown | undefined;
  /** Texts of the template as it was opened, by path: what it is compared with. Undefined until they are read. */
  readonly baseline: Readonly<Record<string, string>> | undefined;
  /** Why the last edit could not. */
  readonly failure: HostFailure | undefined;
  readonly isBusy: boolean;
  /** From 1. */
  readonly page: number;
  /** Of the paper's size. */
  readonly scale: number;
  readonly zoom: Zoom;
  readonly panel: SidePanel;
  readonly hasGuides: boolean;
  readonly isSourceMode: boolean;
  readonly isComparing: boolean;
  /** Undefined while the find bar is closed. */
  readonly find: FindState | undefined;
  /** A link out of the document that waits for a yes. */
  readonly externalLink: string | undefined;
}

export type PreviewStore = StoreApi<PreviewState>;

export const createPreviewStore = (): PreviewStore =>
  createStore(() => ({
    shown: undefined,
    baseline: undefined,
    failure: undefined,
    isBusy: false,
    page: 1,
    scale: 1,
    zoom: 'width',
    panel: 'none',
    hasGuides: false,
    isSourceMode: false,
    isComparing: false,
    find: undefined,
    externalLink: undefined,
  }));
