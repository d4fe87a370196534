/** Where `serve` may listen, and why it could not. */
import { isIP, isIPv4 } from 'node:net';
import { InfluxionError } from '../core/error.ts';
import { UsageError } from './usage-error.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** What `--lan` may name: addresses that a computer has. Whether this one has them is seen later. */
export function lanAddresses(given: true | readonly string[]): readonly string[] {
  if (given === true) return [];
  for (const address of given) {
    if (isIP(address) !== 0 && !/^[0.:]+$/.test(address)) continue;
    throw new UsageError(
      `--lan ${address} is not an IP address of a computer.`,
      'Name addresses of this computer, such as 192.168.1.20, or none to open all of them.',
    );
  }
  return given;
}

/** Plain HTTP leaves this machine only when that was asked for in so many words. */
export function refuseOpenAddress(host: string, allowPlainHttp: boolean): void {
  if (isLoopback(host) || allowPlainHttp) return;
  throw new UsageError(
    `--host ${host} would serve other computers over plain HTTP, where tokens and documents can be read on the way.`,
    'Use --lan, which opens the API to the network with TLS, or add --allow-plain-http where the network is ' +
      "yours, such as a container's.",
  );
}

/** Why an address could not be had, in words. */
export function explainListenError(error: unknown, { host, port }: ListenAddress): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new InfluxionError(
        'BAD_REQUEST',
        `Port ${port} on ${host} is in use by another program.`,
        { hint: 'Choose another one with --port N; --port 0 picks a free one.' },
        error,
      );
    case 'EACCES':
      return new InfluxionError(
        'BAD_REQUEST',
        `This user may not listen on port ${port}.`,
        { hint: 'Ports below 1024 need special rights; choose a higher one with --port N.' },
        error,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new InfluxionError(
        'BAD_REQUEST',
        `This machine has no address ${host} to listen on.`,
        { hint: 'Leave --host out to listen on 127.0.0.1.' },
        error,
      );
    default:
      return error;
  }
}

/** The URL that reaches a server on this machine: "all addresses" is none that can be called. */
export function reachableUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.hostname === '0.0.0.0') parsed.hostname = '127.0.0.1';
  if (parsed.hostname === '[::]') parsed.hostname = '[::1]';
  return parsed.origin;
}
