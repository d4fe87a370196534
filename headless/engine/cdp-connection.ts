/**
 * A Chrome DevTools Protocol client over `--remote-debugging-pipe`: JSON messages separated by NUL bytes, sessions
 * flattened (https://chromedevtools.github.io/devtools-protocol/). Small on purpose: a driver library costs more than
 * the print it drives.
 */
import type { Readable, Writable } from 'node:stream';
import {
  CdpClosedError,
  CdpError,
  type CdpListener,
  type CdpParams,
  type CdpSession,
} from '../../core/pdf/page/cdp-session.ts';
import { readMessage, writeMessage, type CdpMessage } from './cdp-message.ts';

interface Pending {
  readonly method: string;
  readonly sessionId: string | undefined;
  readonly resolve: (result: CdpParams) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

interface SessionState {
  readonly listeners: Map<string, CdpListener>;
  detached: (() => void) | undefined;
}

interface Chunk {
  readonly part: Buffer;
  /** As it was read. */
  readonly read: Buffer;
}

const NUL = 0;

export class CdpConnection {
  readonly #out: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #sessions = new Map<string, SessionState>();
  readonly #browserListeners = new Map<string, CdpListener>();
  readonly #closed = Promise.withResolvers<Error>();
  /** What has come of a message that is not whole yet. */
  #begun: Chunk[] = [];
  #lastId = 0;
  #closeReason: CdpClosedError | undefined;

  /** `out` is where commands go, `input` where replies and events come from; the memory of what is read from it is taken over. */
  constructor(out: Writable, input: Readable) {
    this.#out = out;
    input.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    const gone = (): void => {
      this.close('The browser closed its pipe');
    };
    input.on('close', gone);
    input.on('end', gone);
    input.on('error', gone);
    out.on('error', gone);
    out.on('close', gone);
  }

  /** Resolves with the reason once the connection is closed. */
  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  get isClosed(): boolean {
    return this.#closeReason !== undefined;
  }

  /** A command to the browser itself. */
  send(method: string, params: CdpParams = {}, timeoutMs?: number): Promise<CdpParams> {
    return this.#send(undefined, method, params, timeoutMs);
  }

  on(event: string, listener: CdpListener): void {
    this.#browserListeners.set(event, listener);
  }

  /** The session of a target that was attached with `flatten: true`. */
  session(id: string): CdpSession {
    const state: SessionState = { listeners: new Map(), detached: undefined };
    this.#sessions.set(id, state);
    return {
      send: (method, params = {}, timeoutMs?) => this.#send(id, method, params, timeoutMs),
      on: (event, listener) => {
        state.listeners.set(event, listener);
      },
      onDetached: (listener) => {
        state.detached = listener;
      },
    };
  }

  /** Rejects everything that waits. The browser leaves by itself when its pipe closes. */
  close(reason: string): void {
    if (this.#closeReason) return;
    const error = new CdpClosedError(reason);
    this.#closeReason = error;
    this.#begun = [];
    this.#out.destroy();
    for (const [id, pending] of this.#pending) this.#settle(id, pending).reject(error);
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) session.detached?.();
    this.#closed.resolve(error);
  }

  #send(
    sessionId: string | undefined,
    method: string,
    params: CdpParams,
    timeoutMs: number | undefined,
  ): Promise<CdpParams> {
    if (this.#closeReason) return Promise.reject(this.#closeReason);
    if (sessionId !== undefined && !this.#sessions.has(sessionId)) {
      return Promise.reject(new CdpClosedError(`${method}: the page is gone`));
    }
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<CdpParams>();
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            this.#pending.delete(id);
            reject(new CdpClosedError(`${method} was not answered within ${timeoutMs} ms`));
          }, timeoutMs);
    this.#pending.set(id, { method, sessionId, resolve, reject, timer });
    writeMessage(
      this.#out,
      sessionId === undefined ? { id, method, params } : { id, sessionId, method, params },
    );
    return promise;
  }

  #receive(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NUL, start);
      if (end === -1) break;
      const last = chunk.subarray(start, end);
      start = end + 1;
      if (this.#begun.length === 0) {
        this.#dispatch(last);
      } else {
        const whole = Buffer.concat([...this.#begun.map(({ part }) => part), last]);
        for (const { read } of this.#begun.splice(0)) giveBack(read);
        this.#dispatch(whole);
        giveBack(whole);
      }
      if (this.#closeReason) return;
    }
    if (start < chunk.length) this.#begun.push({ part: chunk.subarray(start), read: chunk });
    else giveBack(chunk);
  }

  #dispatch(bytes: Buffer): void {
    let message: CdpMessage;
    try {
      message = readMessage(bytes);
    } catch (error) {
      this.close(`The browser sent what is not a message: ${error instanceof Error ? error.message : ''}`);
      return;
    }
    if (message.id !== undefined) this.#reply(message.id, message);
    else if (message.method !== undefined) this.#event(message.method, message);
  }

  #reply(id: number, message: CdpMessage): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#settle(id, pending);
    if (message.error) pending.reject(new CdpError(pending.method, message.error.message));
    else pending.resolve(message.result ?? {});
  }

  #event(method: string, message: CdpMessage): void {
    const params = message.params ?? {};
    if (message.sessionId !== undefined) {
      this.#sessions.get(message.sessionId)?.listeners.get(method)?.(params);
      return;
    }
    if (method === 'Target.detachedFromTarget') this.#detach(String(params['sessionId']));
    this.#browserListeners.get(method)?.(params);
  }

  #detach(sessionId: string): void {
    const state = this.#sessions.get(sessionId);
    if (!state) return;
    this.#sessions.delete(sessionId);
    const error = new CdpClosedError('The page is gone');
    for (const [id, pending] of this.#pending) {
      if (pending.sessionId === sessionId) this.#settle(id, pending).reject(error);
    }
    state.detached?.();
  }

  #settle(id: number, pending: Pending): Pending {
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    return pending;
  }
}

/**
 * Frees memory that nothing refers to any more without waiting for a collection. Node reads into 64 KB and cuts them to what
 * came, so that until then each message would keep the next one from the memory behind it.
 */
function giveBack({ buffer, byteLength }: Buffer): void {
  const isAll = buffer.byteLength === byteLength;
  if (isAll && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
