/**
 * Stands between a page and everything it asks for: the document and its assets are answered from memory, the rest is
 * refused. Deny by default, and each refusal becomes a warning.
 */
import type { Asset, AssetSource } from '../engine.ts';
import { assetHeaders, documentHeaders, judgeRequest, shownUrl, type HeaderField } from '../isolation.ts';
import type { WarningList } from '../warning-list.ts';
import type { CdpParams, CdpSession } from './cdp-session.ts';

/** The print that the page works for. */
export interface GateJob {
  readonly assets: AssetSource;
  readonly warnings: WarningList;
  /** Called when an asset cannot be read. */
  readonly fail: (error: unknown) => void;
}

interface PausedRequest {
  readonly requestId: string;
  readonly request: { readonly url: string; readonly method: string };
  readonly frameId: string;
  readonly resourceType: string;
}

export function warnOfNavigation(url: string, warnings: WarningList): void {
  warnings.add('NAVIGATION_BLOCKED', `The document tried to go to ${shownUrl(url)}`);
}

export class RequestGate {
  readonly #session: CdpSession;
  readonly #frameId: string;
  readonly #onError: (error: unknown) => void;
  /** What the page got, by path; undefined for what was not there. */
  readonly #served = new Map<string, Asset | undefined>();
  #job: GateJob | undefined;
  #document: { readonly html: string; readonly scripts: boolean } | undefined;

  constructor(session: CdpSession, frameId: string, onError: (error: unknown) => void) {
    this.#session = session;
    this.#frameId = frameId;
    this.#onError = onError;
    session.on('Fetch.requestPaused', (params) => {
      this.#judge(params as unknown as PausedRequest).catch(onError);
    });
  }

  async enable(): Promise<void> {
    await this.#session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  }

  /** Whose assets are served from now on; undefined between two prints: everything is refused. */
  set job(job: GateJob | undefined) {
    this.#job = job;
  }

  /** The next navigation to our own address is ours and gets this text; every other navigation is refused. */
  expectDocument(html: string, scripts: boolean): void {
    this.#document = { html, scripts };
    this.#served.clear();
  }

  /**
   * Whether the page may go on with what it has cached: every path that it ever got must be the same file for this
   * source too, else one document would be shown another's image.
   */
  async servedSameAs(assets: AssetSource): Promise<boolean> {
    for (const [path, before] of this.#served) {
      const now = await assets(path);
      if (before === undefined || now === undefined) return false;
      if (now === before) continue;
      if (now.mimeType !== before.mimeType || Buffer.compare(now.bytes, before.bytes) !== 0) return false;
    }
    return true;
  }

  /** Bytes of assets that the page holds. */
  get servedBytes(): number {
    let sum = 0;
    for (const asset of this.#served.values()) sum += asset?.bytes.length ?? 0;
    return sum;
  }

  async #judge(paused: PausedRequest): Promise<void> {
    const { requestId, request } = paused;
    const mainFrame = paused.resourceType === 'Document' && paused.frameId === this.#frameId;
    const verdict = judgeRequest({ url: request.url, method: request.method, mainFrame });
    switch (verdict.kind) {
      case 'document': {
        const document = this.#document;
        if (!document) return this.#refuseNavigation(requestId, request.url);
        this.#document = undefined;
        return this.#fulfil(requestId, 200, documentHeaders(document.scripts), Buffer.from(document.html));
      }
      case 'navigation':
        return this.#refuseNavigation(requestId, request.url);
      case 'asset':
        return this.#serveAsset(requestId, verdict.path, request.url);
      case 'ignored':
        return this.#fulfil(requestId, 204, [], undefined);
      case 'blocked':
        this.#job?.warnings.add(
          'REQUEST_BLOCKED',
          `Blocked, as documents have no network: ${shownUrl(request.url)}`,
          shownUrl(request.url),
        );
        return this.#fail(requestId);
    }
  }

  async #serveAsset(requestId: string, path: string, url: string): Promise<void> {
    const job = this.#job;
    let asset: Asset | undefined;
    try {
      asset = await job?.assets(path);
    } catch (error) {
      job?.fail(error);
      return this.#fail(requestId);
    }
    if (job !== this.#job) return this.#fail(requestId);
    this.#served.set(path, asset);
    if (asset) return this.#fulfil(requestId, 200, assetHeaders(asset.mimeType), asset.bytes);
    job?.warnings.add('ASSET_NOT_FOUND', `There is no asset named "${path}"`, shownUrl(url));
    return this.#fulfil(requestId, 404, assetHeaders('text/plain'), undefined);
  }

  #refuseNavigation(requestId: string, url: string): Promise<void> {
    if (this.#job) warnOfNavigation(url, this.#job.warnings);
    return this.#fulfil(requestId, 204, [], undefined);
  }

  async #fulfil(
    requestId: string,
    responseCode: number,
    responseHeaders: readonly HeaderField[],
    body: Uint8Array | undefined,
  ): Promise<void> {
    const params: CdpParams = { requestId, responseCode, responseHeaders };
    if (body) params['body'] = body;
    await this.#answer('Fetch.fulfillRequest', params);
  }

  #fail(requestId: string): Promise<void> {
    return this.#answer('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  }

  /** A request that the page has given up meanwhile cannot be answered: nothing is lost by that. */
  async #answer(method: string, params: CdpParams): Promise<void> {
    try {
      await this.#session.send(method, params);
    } catch (error) {
      if (!(error instanceof Error && /invalid interceptionid/i.test(error.message))) this.#onError(error);
    }
  }
}
