/**
 * Which network addresses a webhook may connect to. A name says little: whoever runs its DNS decides what it means, and can
 * decide anew between a check and the connection (https://owasp.org/www-community/attacks/DNS_Rebinding), so what was
 * looked up here is what is connected to.
 */
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Permit } from './allowed-address.ts';

/** All addresses of a name, as the system looks them up. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

export const resolveName: ResolveName = (hostname) => lookup(hostname, { all: true });

/** Why an address is out of reach, as the end of a sentence; undefined when it is within. */
type Refusal = string | undefined;

/** The host of a URL without the brackets of IPv6. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** For a host that is a number; undefined for a name, which is judged once it is looked up. */
export function refuseNumber(url: URL, { named }: Permit): Refusal {
  const host = bareHost(url);
  return isIP(host) === 0 ? undefined : refuseAddress(host, { named, isNumber: true, isLocalhost: false });
}

/** Judges every address that a name has: one that is out of reach spoils all. */
export function refuseAddresses(
  hostname: string,
  addresses: readonly LookupAddress[],
  { named }: Permit,
): Refusal {
  if (addresses.length === 0) return 'has no address';
  const isLocalhost = hostname === 'localhost' || hostname.endsWith('.localhost');
  return addresses
    .map(({ address }) => refuseAddress(address, { named, isNumber: false, isLocalhost }))
    .find((refusal) => refusal !== undefined);
}

interface Host {
  /** Listed by the owner as itself. */
  readonly named: boolean;
  readonly isNumber: boolean;
  readonly isLocalhost: boolean;
}

/** Nobody answers there. */
const NOWHERE: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast']);
/** Where the names of an own network lead. */
const PRIVATE: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

function refuseAddress(text: string, { named, isNumber, isLocalhost }: Host): Refusal {
  const range = rangeOf(text);
  if (range === 'unicast') return undefined;
  if (NOWHERE.has(range)) return 'stands for no computer';
  // A number means what it says. A name may mean the own network, but this computer only where it is called so.
  if (named && (isNumber || PRIVATE.has(range) || (isLocalhost && range === 'loopback'))) return undefined;
  if (range === 'loopback') return 'is an address of this computer itself';
  if (PRIVATE.has(range)) return 'is an address of a private network';
  return 'is not an address of the public internet';
}

/** IPv4 that is written as IPv6 (RFC 4291 §2.5.5.2, RFC 6052 §2.1) counts as what it is. */
function rangeOf(text: string): string {
  if (!ipaddr.isValid(text)) return 'invalid';
  const address = ipaddr.process(text);
  const range = address.range();
  if (range !== 'rfc6052' || !(address instanceof ipaddr.IPv6)) return range;
  const bytes = address.toByteArray();
  const wellKnown = bytes.slice(4, 12).every((byte) => byte === 0);
  return wellKnown ? new ipaddr.IPv4(bytes.slice(12)).range() : range;
}
