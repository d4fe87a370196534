/** A conversation with one page in Chrome's DevTools protocol, whatever carries it: a pipe or Electron's debugger. */

/** What the browser answers to a command that it refuses. */
export class CdpError extends Error {
  override readonly name = 'CdpError';
  readonly method: string;

  constructor(method: string, message: string) {
    super(message);
    this.method = method;
  }
}

/** The page is gone, or a command was not answered in time: nothing more can be expected of it. */
export class CdpClosedError extends Error {
  override readonly name = 'CdpClosedError';
}

export type CdpParams = Record<string, unknown>;
export type CdpListener = (params: CdpParams) => void;

/** Bytes as `params.body` go out in base64. */
export interface CdpSession {
  /** `timeoutMs` undefined: the caller bounds the wait by giving the page up. */
  send(method: string, params?: CdpParams, timeoutMs?: number): Promise<CdpParams>;
  /** One listener an event; the last one set is called. */
  on(event: string, listener: CdpListener): void;
  /** Called once when the target goes away under us. */
  onDetached(listener: () => void): void;
}
