/** Addresses of brokers as Celery reads them (kombu/utils/url.py, `url_to_parts`; py-amqp for TLS). */
import { InfluxionError } from '../../error.ts';

export interface BrokerTls {
  /** Files in PEM. */
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** False only when the URL says so. */
  readonly verify: boolean;
  readonly checkHostname: boolean;
}

export interface BrokerAddress {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
  /** Seconds; a peer that is silent for two of them counts as gone. 0: never. */
  readonly heartbeatS: number;
  /** Undefined: not encrypted. */
  readonly tls: BrokerTls | undefined;
  /** For logs and people: without the password. */
  readonly shown: string;
}

/** A frozen worker is noticed, and its jobs are given to others, after twice this. */
const DEFAULT_HEARTBEAT_S = 10;

const invalid = (message: string): InfluxionError =>
  new InfluxionError('VALIDATION_FAILED', `INFLUXION_CELERY_BROKER_URL: ${message}`, {
    hint: 'It looks like amqp://user:password@host:5672/vhost; an empty vhost is the default one "/".',
  });

/** Also takes the query parameters of RabbitMQ's own URIs. Errors: VALIDATION_FAILED, which never quotes the URL. */
export function parseBrokerUrl(text: string): BrokerAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw invalid('this is not a URL.');
  if (scheme !== 'amqp' && scheme !== 'amqps' && scheme !== 'pyamqp') {
    throw invalid(`brokers of the kind "${scheme}" are not supported; amqp:// and amqps:// (RabbitMQ) are.`);
  }
  const rest = text.slice(scheme.length + 3);
  let url: URL;
  try {
    // Host names and ports are those of HTTP; the class knows no rules for other schemes.
    url = new URL(`http://${rest === '' || rest.startsWith('/') ? 'localhost' : ''}${rest}`);
  } catch {
    throw invalid('this is not a URL with a host name.');
  }
  const query = url.searchParams;
  const secure = scheme === 'amqps' || hasTls(query);
  const hostname = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? defaultPort(rest, secure) : Number(url.port);
  const username = decoded(url.username) || 'guest';
  const vhost = decoded(url.pathname.slice(1)) || '/';
  return {
    hostname,
    port,
    username,
    password: url.password === '' && url.username === '' ? 'guest' : decoded(url.password),
    vhost,
    heartbeatS: heartbeatOf(query.get('heartbeat')),
    tls: secure ? tlsOf(query) : undefined,
    shown: `${secure ? 'amqps' : 'amqp'}://${encodeURIComponent(username)}@${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}/${vhost === '/' ? '' : encodeURIComponent(vhost)}`,
  };
}

/** The class leaves HTTP's own port out. */
function defaultPort(rest: string, secure: boolean): number {
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  if (authority.endsWith(':80')) return 80;
  return secure ? 5671 : 5672;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('a "%" in it is not followed by two hexadecimal digits; write "%25" for the sign itself.');
  }
}

function heartbeatOf(text: string | null): number {
  if (text === null) return DEFAULT_HEARTBEAT_S;
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > 65_535) {
    throw invalid('heartbeat is a number of seconds, 0 for none.');
  }
  return Math.ceil(seconds);
}

const TLS_PARAMETER = /^(?:ssl_.+|ssl|cacertfile|certfile|keyfile|verify)$/;

function hasTls(query: URLSearchParams): boolean {
  return [...query.keys()].some((name) => TLS_PARAMETER.test(name)) && query.get('ssl') !== 'false';
}

function tlsOf(query: URLSearchParams): BrokerTls {
  const first = (...names: string[]): string | undefined =>
    names.map((name) => query.get(name)).find((value) => value !== null && value !== '') ?? undefined;
  const wish = first('ssl_cert_reqs', 'verify')?.toLowerCase();
  return {
    caFile: first('ssl_ca_certs', 'cacertfile'),
    certFile: first('ssl_certfile', 'certfile'),
    keyFile: first('ssl_keyfile', 'keyfile'),
    verify: wish === undefined || !['cert_none', 'none', 'verify_none'].includes(wish),
    checkHostname: first('ssl_check_hostname')?.toLowerCase() !== 'false',
  };
}
