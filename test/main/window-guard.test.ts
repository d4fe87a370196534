import { describe, expect, it } from 'vitest';
import {
  guardContents,
  guardSession,
  RETRY_URL,
  type GuardedContents,
  type GuardedSession,
} from '../../main/window-guard.ts';

/** Of the studio, and one that Node knows the scheme of. */
const OWN = 'app://studio';
const ORIGINS = [OWN, 'http://127.0.0.1:8787'];

const HOSTILE = [
  'https://evil.example/',
  'http://127.0.0.1:8788/',
  'https://127.0.0.1:8787/',
  'http://127.0.0.1:8787.evil.example/',
  'http://127.0.0.1:8787@evil.example/',
  'http://localhost:8787/',
  'file:///etc/passwd',
  'data:text/html,<script>1</script>',
  'javascript:alert(1)',
  'blob:https://evil.example/0b7c',
  'about:blank',
  'app://other/',
  'app://studio.evil/',
  'app://studio@evil/',
  'blob:app://other/0b7c',
  'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/index.html',
  'not a url',
];

type Navigation = 'will-navigate' | 'will-frame-navigate' | 'will-redirect';

function guarded(origin: string | undefined = OWN) {
  const listeners = new Map<string, (event: { url: string; preventDefault(): void }) => void>();
  const opened: string[] = [];
  let retries = 0;
  let openWindow: (details: { url: string }) => { action: 'deny' } = () => ({ action: 'deny' });
  const contents: GuardedContents = {
    setWindowOpenHandler: (handler) => (openWindow = handler),
    on: (name: string, listener: (event: never) => void) => listeners.set(name, listener as never),
  };
  guardContents(contents, {
    origin: () => origin,
    openExternal: (url) => opened.push(url),
    retry: () => retries++,
  });
  return {
    opened,
    retries: () => retries,
    popup: (url: string) => openWindow({ url }).action,
    /** Whether the navigation may happen. */
    navigate: (name: Navigation | 'will-attach-webview', url: string): boolean => {
      let allowed = true;
      listeners.get(name)?.({ url, preventDefault: () => (allowed = false) });
      return allowed;
    },
  };
}

describe('the guard of the window', () => {
  for (const [origin, url] of ORIGINS.flatMap((own) => HOSTILE.map((hostile) => [own, hostile] as const))) {
    it(`does not go from ${origin} to ${url}`, () => {
      const window = guarded(origin);
      for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
        expect(window.navigate(name, url), name).toBe(false);
      }
      expect(window.popup(url)).toBe('deny');
      for (const opened of window.opened) expect(opened).toMatch(/^https?:/);
    });
  }

  it.each(ORIGINS)('goes where the page of %s leads, and shows the PDF it made', (own) => {
    const window = guarded(own);
    for (const url of [`${own}/`, `${own}/docs`, `blob:${own}/5e3f`]) {
      expect(window.navigate('will-navigate', url), url).toBe(true);
      expect(window.navigate('will-frame-navigate', url), url).toBe(true);
    }
  });

  it('hands web addresses, and only those, to the browser of the system', () => {
    const window = guarded();
    window.popup('https://example.com/');
    window.popup('mailto:a@example.com');
    window.popup('file:///etc/passwd');
    window.popup(`${OWN}/docs`);
    expect(window.opened).toEqual(['https://example.com/']);
  });

  it('takes the link of our own notice as "try again"', () => {
    const window = guarded(undefined);
    expect(window.navigate('will-navigate', RETRY_URL)).toBe(false);
    expect(window.retries()).toBe(1);
    expect(window.opened).toEqual([]);
  });

  it('attaches no webview', () => {
    expect(guarded().navigate('will-attach-webview', '')).toBe(false);
  });
});

describe('the permissions of the window', () => {
  it('are none, but to write text to the clipboard for the page of the host', () => {
    const asked: boolean[] = [];
    const session: GuardedSession = {
      setPermissionRequestHandler: (handler) => {
        const ask = (permission: string, requestingUrl?: string): void => {
          handler(
            undefined,
            permission,
            (granted) => asked.push(granted),
            requestingUrl === undefined ? {} : { requestingUrl },
          );
        };
        ask('clipboard-sanitized-write', `${OWN}/`);
        ask('clipboard-sanitized-write', 'https://evil.example/');
        ask('clipboard-sanitized-write');
        ask('clipboard-read', `${OWN}/`);
        ask('media', `${OWN}/`);
        ask('openExternal', `${OWN}/`);
      },
      setPermissionCheckHandler: (handler) => {
        asked.push(
          handler(undefined, 'clipboard-sanitized-write', OWN),
          handler(undefined, 'geolocation', OWN),
        );
      },
      setDevicePermissionHandler: (handler) => {
        asked.push(handler());
      },
      on: () => undefined,
    };
    guardSession(session, () => OWN);
    expect(asked).toEqual([true, false, false, false, false, false, true, false, false]);
  });
});

describe('downloads of the window', () => {
  it.each(ORIGINS)('are what the page of %s made, and nothing from elsewhere', (own) => {
    const kept: string[] = [];
    const nothing = (): void => undefined;
    guardSession(
      {
        setPermissionRequestHandler: nothing,
        setPermissionCheckHandler: nothing,
        setDevicePermissionHandler: nothing,
        on: (_event, listener) => {
          for (const url of [`blob:${own}/5e3f`, ...HOSTILE]) {
            const event = new Event('will-download', { cancelable: true });
            listener(event, { getURL: () => url });
            if (!event.defaultPrevented) kept.push(url);
          }
        },
      },
      () => own,
    );
    expect(kept).toEqual([`blob:${own}/5e3f`]);
  });
});
