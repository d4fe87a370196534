/**
 * A page that is hosted once and set often: it is navigated to an empty document answered from memory, with the CSP
 * header that holds for as long as the page lives, and each document is then set into it. Setting costs a few
 * milliseconds less than navigating, but the Window stays: see `#renewIfNeeded` for what must not stay with it.
 */
import { InfluxionError } from '../../error.ts';
import type { GangBodyFacts, PrintRequest, PrintSettings } from '../engine.ts';
import { DOCUMENT_URL, shownUrl } from '../isolation.ts';
import { resolvePrintSettings } from '../print-settings.ts';
import { isReadyWhenSet } from '../readiness.ts';
import { anchorLinkScript, type AnchorOutcome } from './anchor-link.ts';
import { destinationLinksScript } from '../references/destination-links.ts';
import { someTag } from '../resources.ts';
import { withoutScreenLayout } from '../screen-layout.ts';
import type { WarningList } from '../warning-list.ts';
import { CdpClosedError, CdpError, type CdpSession } from './cdp-session.ts';
import { gangScript } from './gang-script.ts';
import { FLATTEN_SCRIPT } from './flatten-script.ts';
import type { FontCheck } from './font-inspection.ts';
import { followPageEvents, RequestTracker } from './page-events.ts';
import type { PageTarget, Printed } from './page-target.ts';
import { plainImages } from './plain-images.ts';
import { RequestGate, warnOfNavigation } from './request-gate.ts';
import { withSafeTemplates } from './running-templates.ts';
import { settle } from './settle.ts';
import { withFrames } from './with-frames.ts';

const OPEN_TIMEOUT_MS = 20_000;
const RENEW_TIMEOUT_MS = 3000;
const PING_TIMEOUT_MS = 2000;
const CLEAN_TIMEOUT_MS = 20_000;
const EMPTY = '<!doctype html>';

/**
 * A `<meta http-equiv>` acts on the Window, which outlives the document: a policy would hold for the next one. These two
 * say nothing that lasts.
 */
const LASTING_EQUIVALENT = /http-equiv\s*=\s*(?:["']\s*)?(?!["'\s]|content-type\b|x-ua-compatible\b)/i;
const META = /<meta\b[^>]*/gi;
const lasts = (html: string): boolean =>
  LASTING_EQUIVALENT.test(html) || someTag(html, META, /\breferrer\b/i);

/** Counts the navigations of all pages, so that what is known of one is not believed of another. */
let lastGeneration = 0;

/** How far a print has come; says who is to blame when its time is over. */
export type PageStage = 'load' | 'print';

export interface PageJob {
  readonly request: PrintRequest;
  readonly warnings: WarningList;
  stage: PageStage;
  /** Whether the page has got the document; before that another page can take it as well. */
  begun: boolean;
  bodies?: readonly GangBodyFacts[];
  /** For what goes wrong beside the print, such as an asset that cannot be read. */
  readonly fail: (error: unknown) => void;
  /** Undefined when there is nothing to check. */
  readonly fonts: FontCheck | undefined;
}

export class HostedPage {
  readonly session: CdpSession;
  readonly #target: PageTarget;
  readonly #gate: RequestGate;
  readonly #tracker: RequestTracker;
  readonly #events: { warnings: WarningList | undefined } = { warnings: undefined };
  #loaded: PromiseWithResolvers<undefined> | undefined;
  /** Whether the document that is waited for has begun: a load event before that is one of its predecessor. */
  #begun = false;
  #networkOn = false;
  /** Images of the document that is set, decoded: it holds them until another one that shows them is set. */
  #shown: readonly string[] = [];
  /** Whether the browser takes an image that it holds without asking for it again; until it does otherwise. */
  #takesHeld = true;
  #media: 'print' | '' = '';
  #stale = false;
  #generation = 0;
  #wentTo: string | undefined;

  private constructor(target: PageTarget, onError: (error: unknown) => void) {
    const { session, frameId } = target;
    this.#target = target;
    this.session = session;
    this.#gate = new RequestGate(session, frameId, onError);
    this.#tracker = new RequestTracker(session);
    followPageEvents(session, this.#events, onError);
    const loaded = (): void => {
      if (this.#begun) this.#loaded?.resolve(undefined);
    };
    session.on('Page.loadEventFired', loaded);
    // A script that navigates takes the load event with it; the refused navigation ends the loading all the same.
    session.on('Page.frameStoppedLoading', (params) => {
      if (params['frameId'] === frameId) loaded();
    });
    session.on('Page.documentOpened', () => {
      this.#begun = true;
    });
    session.on('Page.frameNavigated', (params) => {
      const frame = params['frame'] as { readonly id: string; readonly url: string };
      if (frame.id !== frameId) return;
      this.#begun = true;
      if (frame.url !== DOCUMENT_URL) this.#wentTo = frame.url;
    });
    target.onNavigationRefused((url) => {
      if (this.#events.warnings) warnOfNavigation(url, this.#events.warnings);
    });
    session.on('Inspector.targetCrashed', () => {
      this.#loaded?.reject(new CdpClosedError('Target crashed'));
      target.giveUp('Target crashed');
    });
    session.onDetached(() => {
      this.#tracker.reset();
      this.#loaded?.reject(new CdpClosedError('Target closed'));
    });
  }

  /**
   * Makes an empty page ready for documents, `scripts` for a single one that brings scripts. Every wait is bounded by 20
   * seconds, or by the end of the session.
   */
  static async open(
    target: PageTarget,
    options: { readonly scripts: boolean; readonly onError: (error: unknown) => void },
  ): Promise<HostedPage> {
    const page = new HostedPage(target, options.onError);
    await page.#prepare(options.scripts);
    return page;
  }

  async #prepare(scripts: boolean): Promise<void> {
    const { session } = this;
    const send = (method: string, params: Record<string, unknown> = {}): Promise<unknown> =>
      session.send(method, params, OPEN_TIMEOUT_MS);
    await Promise.all([
      this.#gate.enable(),
      send('Page.enable'),
      send('Log.enable'),
      send('Inspector.enable'),
      this.#emulate('print'),
      ...(scripts ? [send('Runtime.enable'), this.#trackRequests()] : []),
    ]);
    // Only now: a navigation may swap the renderer, and what is enabled meanwhile would miss its events.
    if (!scripts) await withDeadline(this.#host(), OPEN_TIMEOUT_MS, 'The first page was not opened in time');
  }

  /** Prints a document that brings no scripts. Rejects with Chromium's error, or when the connection closes. */
  async printStatic(job: PageJob, stream: boolean): Promise<Printed> {
    const { request } = job;
    await this.#renewIfNeeded(job);
    job.begun = true;
    this.#work(job);
    try {
      const settings = await this.#settings(request, job);
      this.#stale = lasts(request.html);
      const texts = [request.html, ...(request.bodies ?? []).map(({ html }) => html)];
      const readyWhenSet = texts.every(isReadyWhenSet);
      // How fonts come out and what is behind a colour is read off the layout.
      const readsLayout = job.fonts !== undefined || request.flatten === true;
      const hidden =
        readsLayout || texts.some((text) => withoutScreenLayout(text) === undefined)
          ? undefined
          : withoutScreenLayout(request.html);
      const html = hidden ?? request.html;
      const images = hidden === undefined || request.bodies !== undefined ? undefined : plainImages(html);
      const isShown = this.#takesHeld && images?.every((path) => this.#shown.includes(path)) === true;
      this.#shown = [];
      const emulated = this.#emulate(hidden === undefined ? 'print' : '');
      const tracking = readyWhenSet ? undefined : this.#trackRequests();
      const loaded = readyWhenSet ? undefined : this.#expectLoad();
      const { finished } = this.#tracker;
      const set = Promise.all([
        this.session.send('Page.setDocumentContent', { frameId: this.#target.frameId, html }),
        this.#setBodies(job),
        this.#nameDestinations(request),
        this.#layAnchor(request),
      ]);
      if ((readyWhenSet || (isShown && !stream)) && !readsLayout) {
        job.stage = 'print';
        const prepared = Promise.all([set, emulated, tracking]);
        if (!this.#target.printsInTurn) await prepared;
        const [printed] = await Promise.all([this.#target.print(settings, stream), prepared]);
        // Else an image was on its way, and may be missing.
        if (readyWhenSet || this.#tracker.isQuietSince(finished)) {
          this.#shown = images ?? [];
          return printed;
        }
        this.#takesHeld = false;
        job.stage = 'load';
      }
      await withFrames(
        this.#target.drawFrame,
        Promise.all([emulated, tracking, set, this.#ready(job, loaded?.promise)]),
      );
      await this.#flatten(request);
      this.#shown = images ?? [];
      job.stage = 'print';
      return await this.#target.print(settings, stream);
    } finally {
      this.#rest(job);
    }
  }

  /** Prints a document with its scripts; the page is then used up. */
  async printScripted(job: PageJob, stream: boolean): Promise<Printed> {
    job.begun = true;
    this.#work(job);
    try {
      // In the page as it is before any script of the document has run in it.
      const settings = await this.#settings(job.request, job);
      await this.#navigate(job.request.html, true);
      await this.#ready(job, Promise.resolve());
      job.stage = 'print';
      this.#verifyAddress();
      await this.#flatten(job.request);
      await this.#nameDestinations(job.request);
      await this.#layAnchor(job.request);
      const printed = await this.#target.print(settings, stream);
      this.#verifyAddress();
      return printed;
    } finally {
      this.#rest(job);
    }
  }

  /** Lets go of the last document and of what the renderer kept of those before. */
  async clean(): Promise<void> {
    await this.#setOwn(EMPTY);
    // What the last frame showed is kept until the next.
    await this.#target.drawFrame?.();
    await this.session.send('HeapProfiler.collectGarbage', {}, CLEAN_TIMEOUT_MS);
  }

  /** Prints a line that nobody sees. */
  async rehearse(): Promise<void> {
    await this.#setOwn(`${EMPTY}<p>A`);
    const settings = resolvePrintSettings({}, { header: undefined, footer: undefined });
    await withDeadline(this.#target.print(settings, false), CLEAN_TIMEOUT_MS, 'Nothing was printed in time');
  }

  /** Resolves while the renderer lives; one that is busy gets two seconds. */
  async ping(): Promise<void> {
    await this.session.send('Runtime.evaluate', { expression: '0' }, PING_TIMEOUT_MS);
  }

  /** Closes the page; rejects when that takes longer than two seconds, as for a page that hangs. */
  close(): Promise<void> {
    return this.#target.close();
  }

  /** Estimate of what the printed file holds besides text. */
  get assetBytes(): number {
    return this.#gate.servedBytes;
  }

  async #setOwn(html: string): Promise<void> {
    this.#shown = [];
    const { frameId } = this.#target;
    await this.session.send('Page.setDocumentContent', { frameId, html }, CLEAN_TIMEOUT_MS);
  }

  #work(job: PageJob): void {
    this.#gate.job = { assets: job.request.assets, warnings: job.warnings, fail: job.fail };
    this.#events.warnings = job.warnings;
  }

  #rest(job: PageJob): void {
    this.#gate.job = undefined;
    this.#events.warnings = undefined;
    const { warnings } = job;
    if (!this.#tracker.isIdle || CACHED_FAILURES.some((code) => warnings.has(code))) this.#stale = true;
  }

  /**
   * Navigates anew when the Window carries something of an earlier document: a policy of a `<meta>`, a failure that would
   * not be reported again, or a cached file that is another one for this document. Chromium's memory cache goes by URL,
   * `no-store` or not, until the page is navigated.
   */
  async #renewIfNeeded(job: PageJob): Promise<void> {
    if (!this.#stale && (await this.#gate.servedSameAs(job.request.assets))) return;
    // Without its network process a browser may never answer this, nor say so.
    await withDeadline(this.#host(), RENEW_TIMEOUT_MS, 'The page was not renewed in time');
  }

  async #host(): Promise<void> {
    await this.#navigate(EMPTY, false);
    this.#stale = false;
  }

  async #navigate(html: string, scripts: boolean): Promise<void> {
    this.#tracker.reset();
    this.#shown = [];
    this.#takesHeld = true;
    this.#generation = ++lastGeneration;
    this.#wentTo = undefined;
    this.#gate.expectDocument(html, scripts);
    const loaded = this.#expectLoad();
    const [navigation] = await Promise.all([
      this.session.send('Page.navigate', { url: DOCUMENT_URL }),
      loaded.promise,
    ]);
    const { errorText } = navigation;
    if (typeof errorText === 'string') throw new CdpError('Page.navigate', errorText);
    this.#verifyAddress();
  }

  #expectLoad(): PromiseWithResolvers<undefined> {
    const loaded = Promise.withResolvers<undefined>();
    // Nobody may be waiting yet when the page goes away.
    loaded.promise.catch(() => undefined);
    this.#begun = false;
    this.#loaded = loaded;
    return loaded;
  }

  #verifyAddress(): void {
    if (this.#wentTo === undefined) return;
    throw new InfluxionError(
      'PRINT_FAILED',
      `The document left its own page for ${shownUrl(this.#wentTo)}, so there is nothing to print.`,
      { hint: 'Remove what navigates from the scripts of the template.' },
    );
  }

  /**
   * `print`: styles and images of print are loaded before the print begins, not during it. Empty: the screen's, until the
   * print begins.
   */
  async #emulate(media: 'print' | ''): Promise<void> {
    if (this.#media === media) return;
    this.#media = media;
    await this.session.send('Emulation.setEmulatedMedia', { media });
  }

  async #trackRequests(): Promise<void> {
    if (this.#networkOn) return;
    this.#networkOn = true;
    await this.session.send('Network.enable', { maxTotalBufferSize: 1, maxResourceBufferSize: 1 });
  }

  /** Waits until the document can be printed and checks its fonts. `loaded` undefined: there is nothing to wait for. */
  async #ready(job: PageJob, loaded: Promise<unknown> | undefined): Promise<void> {
    const { fonts, warnings } = job;
    const { scripts } = job.request;
    const groups = await (loaded === undefined
      ? fonts?.collect(this.session)
      : settle(this.session, this.#tracker, { fonts, warnings, scripts, loaded }));
    if (groups) await fonts?.judge(this.session, groups, warnings, this.#generation);
  }

  /** Throws VALIDATION_FAILED when there is no such element. */
  async #layAnchor({ anchor }: PrintRequest): Promise<void> {
    if (anchor === undefined) return;
    const { result } = (await this.session.send('Runtime.evaluate', {
      expression: anchorLinkScript(anchor),
      returnByValue: true,
    })) as { readonly result?: { readonly value?: AnchorOutcome } };
    if (result?.value === 'placed') return;
    throw new InfluxionError(
      'VALIDATION_FAILED',
      result?.value === 'invalid'
        ? `signature.visible.anchor: "${anchor}" is no CSS selector.`
        : `signature.visible.anchor: no element of the document matches "${anchor}".`,
      { hint: 'Give the element that shall hold the signature an id, and name it as "#id".' },
    );
  }

  /** In a world of its own, where no script of the document has changed what the methods of the page do. */
  async #flatten({ flatten }: PrintRequest): Promise<void> {
    if (flatten !== true) return;
    const { frameId } = this.#target;
    const world = await this.session.send('Page.createIsolatedWorld', { frameId, worldName: 'influxion' });
    const { exceptionDetails } = (await this.session.send('Runtime.evaluate', {
      expression: FLATTEN_SCRIPT,
      contextId: world['executionContextId'],
      returnByValue: true,
    })) as { readonly exceptionDetails?: { readonly text?: string } };
    if (exceptionDetails === undefined) return;
    throw new CdpError('Runtime.evaluate', exceptionDetails.text ?? 'The colours could not be mixed');
  }

  async #setBodies(job: PageJob): Promise<void> {
    const { bodies } = job.request;
    if (bodies === undefined) return;
    const { result } = (await this.session.send('Runtime.evaluate', {
      expression: gangScript(bodies),
      returnByValue: true,
    })) as { readonly result?: { readonly value?: readonly GangBodyFacts[] } };
    if (result?.value === undefined) throw new CdpError('Runtime.evaluate', 'The bodies could not be set');
    job.bodies = result.value;
  }

  async #nameDestinations({ destinations = [] }: PrintRequest): Promise<void> {
    if (destinations.length === 0) return;
    await this.session.send('Runtime.evaluate', { expression: destinationLinksScript(destinations) });
  }

  #settings(
    { settings, assets }: PrintRequest,
    { warnings }: PageJob,
  ): PrintSettings | Promise<PrintSettings> {
    if (settings.headerHtml === undefined && settings.footerHtml === undefined) return settings;
    return withSafeTemplates(this.session, settings, { assets, warnings });
  }
}

/** Rejects as closed when `work` takes longer than `ms`; whoever asked then gives the process up. */
async function withDeadline<T>(work: Promise<T>, ms: number, reason: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new CdpClosedError(reason));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** After these the page's cache answers by itself next time, and nothing would be reported. */
const CACHED_FAILURES = ['ASSET_NOT_FOUND', 'REQUEST_BLOCKED', 'IMAGE_FAILED', 'FONT_FAILED'] as const;
