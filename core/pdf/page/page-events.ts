/** Turns what a page reports about itself into warnings, and follows what is still on its way. */
import { shownUrl } from '../isolation.ts';
import type { WarningList } from '../warning-list.ts';
import type { CdpSession } from './cdp-session.ts';

interface LogEntry {
  readonly source: string;
  readonly level: string;
  readonly text: string;
}

/** Texts of Chromium's console, old and new wording. */
const SCRIPT_BLOCKED = /^Blocked script execution/;
const REDIRECT_BLOCKED =
  /^(?:Refused to execute the redirect|Blocked opening|Blocked form submission|Unsafe attempt to initiate navigation|Not allowed to navigate)/;
const DIALOG_IGNORED = /^Ignored call to '(\w+)\(\)'/;
/** Electron has no prompt and throws. */
const NO_PROMPT = /\bprompt\(\) is (?:and will )?not (?:be )?supported/;
const POLICY_URL = /'([a-z][a-z0-9+.-]*:[^']*)'.*Content Security Policy/is;

export function warningOfLog(entry: LogEntry, warnings: WarningList): void {
  const { text } = entry;
  if (SCRIPT_BLOCKED.test(text)) {
    warnings.add(
      'SCRIPTS_OFF',
      'The document has scripts, but scripts are not allowed for it (option "scripts").',
    );
    return;
  }
  if (REDIRECT_BLOCKED.test(text)) {
    warnings.add('NAVIGATION_BLOCKED', 'The document tried to go somewhere else, or to open a window.');
    return;
  }
  const dialog = DIALOG_IGNORED.exec(text);
  if (dialog) {
    warnings.add(
      'DIALOG_DISMISSED',
      `The document called ${dialog[1] ?? 'a dialog'}(); there is nobody to answer.`,
    );
    return;
  }
  const url = POLICY_URL.exec(text)?.[1];
  if (url !== undefined) {
    warnings.add('REQUEST_BLOCKED', `Blocked, as documents have no network: ${shownUrl(url)}`, shownUrl(url));
  }
}

interface DialogOpening {
  readonly type: string;
}

interface ExceptionThrown {
  readonly exceptionDetails: {
    readonly text: string;
    readonly lineNumber?: number;
    readonly exception?: { readonly description?: string };
  };
}

/** Where events go at the moment; undefined: nowhere. */
export interface PageEventTarget {
  readonly warnings: WarningList | undefined;
}

export function followPageEvents(
  session: CdpSession,
  target: PageEventTarget,
  onError: (error: unknown) => void,
): void {
  session.on('Log.entryAdded', (params) => {
    if (target.warnings) warningOfLog(params['entry'] as LogEntry, target.warnings);
  });
  session.on('Page.javascriptDialogOpening', (params) => {
    const { type } = params as unknown as DialogOpening;
    target.warnings?.add(
      'DIALOG_DISMISSED',
      `The document opened a dialog (${type}); there is nobody to answer.`,
    );
    session.send('Page.handleJavaScriptDialog', { accept: false }).catch(onError);
  });
  session.on('Runtime.exceptionThrown', (params) => {
    const { exceptionDetails } = params as unknown as ExceptionThrown;
    const what = exceptionDetails.exception?.description?.split('\n')[0] ?? exceptionDetails.text;
    if (NO_PROMPT.test(what)) {
      target.warnings?.add('DIALOG_DISMISSED', 'The document called prompt(); there is nobody to answer.');
      return;
    }
    const line = exceptionDetails.lineNumber;
    target.warnings?.add('SCRIPT_ERROR', line === undefined ? what : `${what} (line ${line + 1})`);
  });
}

/**
 * Requests that the page has sent and not yet taken in. The renderer reports them on the channel that its replies come
 * on, so a request caused before a reply is known when the reply is. The load event alone
 * is not enough: it does not always wait for images that a late style sheet names.
 */
export class RequestTracker {
  readonly #open = new Set<string>();
  #finished = 0;
  #idle: PromiseWithResolvers<undefined> | undefined;

  constructor(session: CdpSession) {
    session.on('Network.requestWillBeSent', (params) => {
      this.#open.add(String(params['requestId']));
    });
    const done = (params: Record<string, unknown>): void => {
      if (!this.#open.delete(String(params['requestId']))) return;
      this.#finished += 1;
      if (this.#open.size > 0) return;
      this.#idle?.resolve(undefined);
      this.#idle = undefined;
    };
    session.on('Network.loadingFinished', done);
    session.on('Network.loadingFailed', done);
  }

  /** Rises with every request that has been taken in. */
  get finished(): number {
    return this.#finished;
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** Whether nothing was asked for since `finished` had that value, and nothing is on its way. What a page still holds it does not ask for. */
  isQuietSince(finished: number): boolean {
    return this.isIdle && this.#finished === finished;
  }

  /** Resolves when nothing is on its way. Never rejects: whoever waits must race it with the end of the page. */
  idle(): Promise<undefined> {
    if (this.isIdle) return Promise.resolve(undefined);
    this.#idle ??= Promise.withResolvers<undefined>();
    return this.#idle.promise;
  }

  /** After a navigation nothing of the former document matters. */
  reset(): void {
    this.#open.clear();
    this.#idle?.resolve(undefined);
    this.#idle = undefined;
  }
}
