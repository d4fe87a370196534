/** What the window's page may do beyond showing itself: nothing, except what is listed here. */

interface Preventable {
  readonly url: string;
  preventDefault(): void;
}

/** What is used of Electron's WebContents. */
export interface GuardedContents {
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (event: Preventable) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** What is used of Electron's Session. */
export interface GuardedSession {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: { readonly requestingUrl?: string },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  on(
    event: 'will-download',
    listener: (event: { preventDefault(): void }, item: { getURL(): string }) => void,
  ): unknown;
}

export interface WindowPolicy {
  /** The origin that the window shows now; undefined while there is none. */
  readonly origin: () => string | undefined;
  readonly openExternal: (url: string) => void;
  /** The person asked, on a page of our own making, to try again. */
  readonly retry: () => void;
}

/** A link on the error page; the name can never be looked up (RFC 6761 §6.4). */
export const RETRY_URL = 'https://retry.influxion.invalid/';

/** By its parts: `URL.origin` is `null` for every scheme that Node does not know, so for the studio's own as well. */
function sameOrigin(url: string, origin: string | undefined): boolean {
  const parsed = URL.parse(url);
  return origin !== undefined && parsed !== null && `${parsed.protocol}//${parsed.host}` === origin;
}

/** `blob:` is the PDF that the page just made, in a frame of its own. */
const isOwn = (url: string, origin: string | undefined): boolean =>
  sameOrigin(url.startsWith('blob:') ? url.slice('blob:'.length) : url, origin);

const isWebAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

/** Popups are denied; addresses elsewhere open in the system's browser, and only http and https do. */
export function guardContents(contents: GuardedContents, policy: WindowPolicy): void {
  const openElsewhere = (url: string): void => {
    if (isWebAddress(url) && !sameOrigin(url, policy.origin())) policy.openExternal(url);
  };
  contents.setWindowOpenHandler(({ url }) => {
    openElsewhere(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    if (isOwn(event.url, policy.origin())) return;
    event.preventDefault();
    if (event.url === RETRY_URL) policy.retry();
    else openElsewhere(event.url);
  });
  for (const name of ['will-frame-navigate', 'will-redirect'] as const) {
    contents.on(name, (event) => {
      if (!isOwn(event.url, policy.origin()) && !isViewer(event.url)) event.preventDefault();
    });
  }
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Chromium's own PDF viewer. */
const isViewer = (url: string): boolean =>
  url.startsWith('chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/');

/** Writing text to the clipboard on a click is all that the page needs. */
const GRANTED = 'clipboard-sanitized-write';

export function guardSession(session: GuardedSession, origin: () => string | undefined): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) => {
    callback(permission === GRANTED && requestingUrl !== undefined && sameOrigin(requestingUrl, origin()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      permission === GRANTED && sameOrigin(requestingOrigin, origin()),
  );
  session.setDevicePermissionHandler(() => false);
  // The page saves what it made itself; nothing else is fetched onto the disk.
  session.on('will-download', (event, item) => {
    if (!isOwn(item.getURL(), origin())) event.preventDefault();
  });
}
