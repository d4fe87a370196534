/** Why a broker is not there, in words. */
import type { BrokerAddress } from './broker-url.ts';

const SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at that address',
  ENOTFOUND: 'There is no such host name',
  EAI_AGAIN: 'The host name cannot be looked up now',
  EHOSTUNREACH: 'The host cannot be reached',
  ENETUNREACH: 'The network cannot be reached',
  ETIMEDOUT: 'The host does not answer',
  ECONNRESET: 'The connection was cut off',
  EPIPE: 'The connection was cut off',
  CERT_HAS_EXPIRED: 'Its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is not trusted; name the authority with ?ssl_ca_certs=FILE',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is not trusted; name the authority with ?ssl_ca_certs=FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'Its certificate is not trusted; name the authority with ?ssl_ca_certs=FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'Its certificate is not trusted; name the authority with ?ssl_ca_certs=FILE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another host name',
};

/** Reply codes of AMQP 0-9-1, and how RabbitMQ uses them. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/ACCESS_REFUSED/, 'It refuses the user name or the password, or does not let this user do that'],
  [/NOT_ALLOWED|Expected ConnectionOpenOk/, 'It has no such virtual host, or the user may not use it'],
  [/PRECONDITION_FAILED/, 'A queue of that name is there with other settings'],
  [
    /handshake|EPROTO|wrong version number|Expected ConnectionStart/i,
    'It does not speak AMQP there, or not with or without TLS as the URL says',
  ],
  [/heartbeat/i, 'It has been silent for too long'],
  [/CONNECTION_FORCED|CONNECTION-FORCED/, 'It closed the connection'],
  [/RESOURCE_ERROR|NO_ROUTE/, 'It is short of something'],
];

/** One sentence, without secrets. */
export function describeBrokerError(error: Error, { shown }: BrokerAddress): string {
  return `The broker at ${shown} cannot be used: ${reasonOf(error)}.`;
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = SYSTEM[code] ?? PHRASES.find(([pattern]) => pattern.test(error.message))?.[1];
  const said = error.message.replaceAll(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '');
  if (known === undefined) return said === '' ? 'for an unknown reason' : said;
  return said.includes('PRECONDITION_FAILED') ? `${known} (${said})` : known;
}
