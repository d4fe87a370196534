/**
 * The PdfEngine port: a document that is complete text goes in, the bytes that the browser printed come out.
 * Two sides: headless/engine (CDP over a pipe) and main/ (hidden windows). Both pass test/core/pdf-engine.contract.ts.
 */
import type { JobWarning } from '../../contract/job.ts';

/** The origin of every printed document; `.invalid` never resolves (RFC 6761 §6.4). */
export const DOCUMENT_ORIGIN = 'https://doc.influxion.invalid';

/** A file that the document names by a URL relative to `DOCUMENT_ORIGIN/`. */
export interface Asset {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
}

/** Looks an asset up by its decoded relative path such as `img/logo.png`. */
export type AssetSource = (path: string) => Asset | undefined | Promise<Asset | undefined>;

export interface PageMargins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Print options with every default filled in; lengths in inches, as Chromium takes them. */
export interface PrintSettings {
  /** Paper in inches, already turned when landscape. */
  readonly paper: { readonly width: number; readonly height: number };
  /** True when `@page { size }` of the CSS wins over `paper`. */
  readonly preferCssPageSize: boolean;
  readonly margins: PageMargins;
  readonly scale: number;
  /** Chromium's syntax, empty for all. */
  readonly pageRanges: string;
  /** Rendered HTML, or undefined for none. */
  readonly headerHtml: string | undefined;
  readonly footerHtml: string | undefined;
  readonly background: boolean;
  /** Structure tags; an outline needs them (electron#45124). */
  readonly tagged: boolean;
  readonly outline: boolean;
}

export interface PrintRequest {
  readonly html: string;
  readonly settings: PrintSettings;
  readonly assets: AssetSource;
  /** Scripts are a right that the caller grants; without it none runs. Network is never granted. */
  readonly scripts: boolean;
  /** Milliseconds for this print, counted from the moment a page is free for it. */
  readonly timeoutMs: number;
  /**
   * Ids whose places the file must name (named destinations), besides those that links of the document refer to. Nothing
   * else of the document may differ for it.
   */
  readonly destinations?: readonly string[];
  /** A CSS selector: the first element gets a link to ANCHOR_URL over its box, so that the file tells where it landed. */
  readonly anchor?: string | undefined;
  /** Mixes translucent colours with what is behind them (page/flatten-script.ts). */
  readonly flatten?: boolean;
  /**
   * Whole documents whose bodies are printed instead of that of `html`, each from a new page on; the rest of `html` holds for all of
   * them (page/gang-script.ts). Without scripts only.
   */
  readonly bodies?: readonly GangBody[];
  /** Default: `ordinary`. */
  readonly urgency?: Urgency;
  /** Aborting kills the page and rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * `urgent`: somebody watches, so it goes before all others, on a page of its own if all are busy. `ahead`: nobody waits for it yet,
 * so it goes behind all others, and those get a page of their own where such prints hold the rest.
 */
export type Urgency = 'urgent' | 'ordinary' | 'ahead';

export interface GangBody {
  readonly html: string;
  /** An identifier of CSS. The file names the place of the body by it. */
  readonly name: string;
  /** Whether its pages are named so, too: it has `@page` rules of its own. Pages without a name cost a fifth less. */
  readonly hasOwnPages: boolean;
}

/** Every text of a request, of all its documents. */
export const allHtml = ({ html, bodies = [] }: PrintRequest): string =>
  bodies.length === 0 ? html : [html, ...bodies.map((body) => body.html)].join('');

export interface GangBodyFacts {
  readonly title: string;
  /** All text of the body, shown or not. */
  readonly text: string;
}

export interface PrintResult {
  /** The PDF: whole while small, as a stream of chunks when large. A stream must be read to its end or returned. */
  readonly pdf: Uint8Array | AsyncIterable<Uint8Array>;
  readonly warnings: readonly JobWarning[];
  /** Of the `bodies`. */
  readonly bodies?: readonly GangBodyFacts[];
}

export interface EngineStatus {
  readonly state: 'idle' | 'starting' | 'ready' | 'failed' | 'closed';
  /** Product and version, e.g. `HeadlessChrome/153.0.8000.1`, once known. */
  readonly product: string | undefined;
  readonly processes: number;
  readonly busyPages: number;
  readonly waiting: number;
  /** Since start. */
  readonly printed: number;
  readonly recycled: number;
  readonly crashed: number;
  /** Why the last start failed, in words. */
  readonly problem: string | undefined;
}

/**
 * Errors of `print`: ENGINE_NOT_FOUND, ENGINE_START_FAILED, ENGINE_CRASHED, PRINT_TIMEOUT, SCRIPT_TIMEOUT,
 * PRINT_FAILED, PAGE_RANGE_INVALID, DOCUMENT_TOO_COMPLEX, or the reason of the aborted signal.
 */
export interface PdfEngine {
  /** Brings one warm page up; `print` does so by itself when it must. */
  start(): Promise<void>;
  /** Waits for a free page, then prints. A failure touches no other print. */
  print(request: PrintRequest): Promise<PrintResult>;
  /** How many prints run at once. */
  readonly concurrency: number;
  status(): EngineStatus;
  /** Ends every process of the engine; pending prints reject with SHUTTING_DOWN. */
  close(): Promise<void>;
}
