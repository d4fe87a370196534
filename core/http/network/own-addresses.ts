/** What this computer is called in its network. */
import { hostname, networkInterfaces } from 'node:os';

/** Every address that other computers could reach; of IPv6 those that need no zone. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family, scopeid }) => !internal && (family === 'IPv4' || scopeid === 0))
    .map(({ address }) => address);
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The host name and its name in mDNS (RFC 6762 §3); empty where the host name is no DNS name. */
export function ownNames(name = hostname()): string[] {
  const full = name.toLowerCase().replace(/\.$/, '');
  const [first = ''] = full.split('.');
  if (!full.split('.').every((label) => LABEL.test(label))) return [];
  return [...new Set([full, first, `${first}.local`])];
}
