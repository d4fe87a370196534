/**
 * What is looked at before a request is routed: the Host header against DNS rebinding (RFC 9110 §7.4), and for requests
 * that change something the Origin of the page that sent it. CORS is off: no reply ever invites another origin.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { InfluxionError } from '../error.ts';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i;
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const MAX_REMEMBERED = 64;

/** The failure a request dies of before routing, or undefined. */
export type Gate = (request: IncomingMessage) => InfluxionError | undefined;

export function createGate(allowedHosts: readonly string[]): Gate {
  const names = new Set([...LOCAL_NAMES, ...allowedHosts.map((name) => name.toLowerCase())]);
  const remembered = new Set<string>();

  const isAllowed = (host: string, localAddress: string | undefined): boolean => {
    if (remembered.has(host)) return true;
    const name = HOST.exec(host)?.[1]?.toLowerCase().replace(/\.$/, '');
    if (name === undefined) return false;
    if (names.has(name)) {
      if (remembered.size < MAX_REMEMBERED) remembered.add(host);
      return true;
    }
    return isAddress(name, localAddress);
  };

  return (request) => {
    const { host } = request.headers;
    if (host === undefined || countHosts(request.rawHeaders) !== 1 || request.url?.[0] !== '/') {
      return new InfluxionError(
        'BAD_REQUEST',
        'A request names its path and carries exactly one Host header (RFC 9112 §3.2).',
      );
    }
    const coding = request.headers['transfer-encoding'];
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
      return new InfluxionError('BAD_REQUEST', 'The only transfer coding here is chunked (RFC 9112 §6.1).');
    }
    if (!isAllowed(host, request.socket.localAddress)) {
      return new InfluxionError(
        'HOST_NOT_ALLOWED',
        'Influxion does not answer to the host name of this request.',
        { hint: 'Use localhost or the address itself, or allow the name in the settings of the host.' },
      );
    }
    return SAFE_METHODS.has(request.method ?? '') ? undefined : refuseForeignPage(request, host);
  };
}

/** An address cannot be rebound: who connected to it may also name it. */
function isAddress(name: string, localAddress: string | undefined): boolean {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && address === localAddress?.replace(/^::ffff:/, '');
}

/** Node keeps the first of several Host headers; a proxy may go by another (RFC 9112 §3.2). */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

function refuseForeignPage(request: IncomingMessage, host: string): InfluxionError | undefined {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const sameOrigin = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (sameOrigin && (site === undefined || site === 'same-origin' || site === 'none')) return undefined;
  return new InfluxionError(
    'ORIGIN_NOT_ALLOWED',
    'A page of another site sent this request, and such pages may not use Influxion.',
  );
}
