/**
 * Who may use the studio: its own page, in a browser on this computer. The studio acts as the owner without a token,
 * so another computer, another site in the owner's browser (cross-site requests, DNS rebinding) and whatever comes
 * through a proxy are turned away.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import { STUDIO_HEADER } from '../../../contract/studio/frame.ts';
import { InfluxionError } from '../../error.ts';

interface StudioRequest {
  readonly remoteAddress: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** 127.0.0.0/8 and ::1, also IPv4 mapped into IPv6 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

const isLoopbackHost = (host: string | undefined): boolean => {
  if (host === undefined) return false;
  const url = URL.parse(`http://${host}`);
  if (url === null || url.host !== host.toLowerCase().replace(/:80$/, '')) return false;
  return url.hostname === 'localhost' || isLoopbackAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'));
};

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True when the request was sent from this computer, to a name of this computer, without a proxy between. */
export function isFromThisComputer({ remoteAddress, headers }: StudioRequest): boolean {
  return (
    isLoopbackAddress(remoteAddress) &&
    isLoopbackHost(headers.host) &&
    !PROXY_HEADERS.some((name) => headers[name] !== undefined)
  );
}

/** True when the studio's own page sent it, not a page of another origin. */
function isFromOwnPage({ headers }: StudioRequest): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  return (
    headers[STUDIO_HEADER] === '1' &&
    (origin === undefined || origin === `http://${headers.host ?? ''}`) &&
    (site === undefined || site === 'same-origin')
  );
}

/**
 * True for what a browser sent for the studio's page. An EventSource can send no header of its own, but every browser
 * says by itself where a request to this computer comes from (W3C Fetch Metadata).
 */
const isOwnEventSource = ({ headers }: StudioRequest): boolean => headers['sec-fetch-site'] === 'same-origin';

/** Throws STUDIO_FORBIDDEN for everything but the studio's own page on this computer. */
export function assertStudioRequest(request: StudioRequest): void {
  assertFromThisComputer(request);
  if (!isFromOwnPage(request)) throw notOurPage();
}

/** The same for the stream of events. */
export function assertStudioEvents(request: StudioRequest): void {
  assertFromThisComputer(request);
  if (!isOwnEventSource(request)) throw notOurPage();
}

function assertFromThisComputer(request: StudioRequest): void {
  if (isFromThisComputer(request)) return;
  throw new InfluxionError(
    'STUDIO_FORBIDDEN',
    'The studio only answers on the computer that Influxion runs on. Open it there, or use the API with an access token.',
  );
}

const notOurPage = (): InfluxionError =>
  new InfluxionError(
    'STUDIO_FORBIDDEN',
    'These addresses belong to the page of the studio. Programs use the API, described at /docs.',
  );
