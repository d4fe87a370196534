/** A page's DevTools protocol over Electron's debugger. */
import type { Debugger } from 'electron';
import {
  CdpClosedError,
  CdpError,
  type CdpListener,
  type CdpParams,
  type CdpSession,
} from '../../core/pdf/page/cdp-session.ts';

/** What is used of Electron's Debugger. */
export type PageDebugger = Pick<Debugger, 'attach' | 'on' | 'sendCommand'>;

const PROTOCOL = '1.3';
/** What Electron answers to commands that were under way when the page went. */
const GONE = /target closed|no target available|not attached/i;

export class DebuggerSession implements CdpSession {
  readonly #debugger: PageDebugger;
  readonly #listeners = new Map<string, CdpListener>();
  readonly #closed = Promise.withResolvers<never>();
  #reason: CdpClosedError | undefined;
  #detached: (() => void) | undefined;

  /** Attaches; throws when something else, such as DevTools, has attached itself. */
  constructor(pageDebugger: PageDebugger) {
    this.#debugger = pageDebugger;
    this.#closed.promise.catch(() => undefined);
    pageDebugger.attach(PROTOCOL);
    pageDebugger.on('message', (_event, method: string, params: unknown) => {
      this.#listeners.get(method)?.(params as CdpParams);
    });
    pageDebugger.on('detach', (_event, reason: string) => {
      this.close(`The debugger was detached: ${reason}`);
    });
  }

  get isClosed(): boolean {
    return this.#reason !== undefined;
  }

  /** Rejects once the session is closed; never resolves. */
  get closed(): Promise<never> {
    return this.#closed.promise;
  }

  on(event: string, listener: CdpListener): void {
    this.#listeners.set(event, listener);
  }

  onDetached(listener: () => void): void {
    this.#detached = listener;
  }

  async send(method: string, params: CdpParams = {}, timeoutMs?: number): Promise<CdpParams> {
    if (this.#reason) throw this.#reason;
    const late = Promise.withResolvers<never>();
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late.reject(new CdpClosedError(`${method} was not answered within ${timeoutMs} ms`));
          }, timeoutMs);
    try {
      const answer = this.#debugger.sendCommand(method, withTextBody(params));
      return (await Promise.race([answer, late.promise, this.#closed.promise])) as CdpParams;
    } catch (error) {
      throw this.#explain(method, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Rejects everything that waits. */
  close(reason: string): void {
    if (this.#reason) return;
    this.#reason = new CdpClosedError(reason);
    this.#closed.reject(this.#reason);
    this.#detached?.();
  }

  #explain(method: string, error: unknown): Error {
    if (error instanceof CdpClosedError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return GONE.test(message) ? new CdpClosedError(`${method}: ${message}`) : new CdpError(method, message);
  }
}

/** The debugger takes JSON only: bytes go in base64, as the protocol wants them. */
function withTextBody(params: CdpParams): CdpParams {
  const { body } = params;
  if (!(body instanceof Uint8Array)) return params;
  return { ...params, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64') };
}
