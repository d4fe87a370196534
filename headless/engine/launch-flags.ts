import type { BrowserKind } from './find-browser.ts';

/** Nothing listens at the discard port (RFC 863), so whatever gets past the interception ends here. */
const DEAD_PROXY = 'http://127.0.0.1:9';

/**
 * Command line of a browser that prints and does nothing else. The proxy flags are part of the isolation: WebSockets,
 * preconnects and popups never reach the interception of requests.
 */
export function launchFlags(options: {
  readonly kind: BrowserKind;
  readonly profile: string;
  /** As root Chromium refuses to start with its sandbox. */
  readonly root: boolean;
}): string[] {
  return [
    options.kind === 'shell' ? '--headless' : '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${options.profile}`,
    ...(options.root ? ['--no-sandbox'] : []),

    `--proxy-server=${DEAD_PROXY}`,
    '--proxy-bypass-list=<-loopback>',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-client-side-phishing-detection',
    '--no-pings',
    '--metrics-recording-only',
    '--disable-quic',

    '--disable-gpu',
    '--disable-3d-apis',
    '--disable-dev-shm-usage',
    '--disable-breakpad',
    '--disable-crash-reporter',
    '--no-crash-upload',
    '--noerrdialogs',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-hang-monitor',
    '--disable-prompt-on-repost',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-ipc-flooding-protection',
    '--mute-audio',
    '--disable-notifications',
    '--disable-speech-api',
    '--password-store=basic',
    '--use-mock-keychain',
    '--disk-cache-size=1',

    '--font-render-hinting=none',
    '--force-color-profile=srgb',
    '--lang=en-US',
    '--hide-scrollbars',
    ...(options.kind === 'shell' ? [NETWORK_IN_BROWSER] : []),
    ...thriftyFlags(options.kind),
    `--disable-features=${DISABLED_FEATURES.join(',')}`,
  ];
}

/**
 * There is no network to speak of, and a process for it is 20 MB and one more that can die under a document. A whole
 * browser may crash by it (puppeteer/puppeteer#12261).
 */
const NETWORK_IN_BROWSER = '--enable-features=NetworkServiceInProcess2';

/**
 * Whether a page can be opened that draws a frame only when it is told to. Of the headless shell alone, and not on macOS:
 * https://chromedevtools.github.io/devtools-protocol/tot/Target/#method-createTarget
 */
export const leavesFramesToUs = (kind: BrowserKind): boolean =>
  kind === 'shell' && process.platform !== 'darwin';

/**
 * What makes a print cheaper and changes nothing of it. A collector of several threads gains time where cores are idle; while
 * all of them print it only takes more of it: a thirtieth of a one-page invoice, a twentieth of a report.
 */
export const thriftyFlags = (kind: BrowserKind): string[] => [
  '--js-flags=--single-threaded-gc',
  // Else `HeadlessExperimental.beginFrame` is refused.
  ...(leavesFramesToUs(kind) ? ['--run-all-compositor-stages-before-draw'] : []),
];

const DISABLED_FEATURES = [
  'Translate',
  'MediaRouter',
  'DialMediaRouteProvider',
  'OptimizationHints',
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'InterestFeedContentSuggestions',
  'DestroyProfileOnBrowserClose',
  'Prerender2',
  'NetworkPrediction',
];
