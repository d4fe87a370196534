/** Which addresses a signature may reach: those that were set for it and no others. */

/** A server that makes time stamps (RFC 3161). */
export interface TimeStampServer {
  readonly url: string;
  /** Basic authentication (RFC 7617). */
  readonly user?: string;
  readonly password?: string;
}

export interface SigningNetwork {
  /** Undefined: none is set, so nothing above B-B can be made. */
  readonly timeStamp: TimeStampServer | undefined;
  /**
   * Whom revocation data and missing issuers may be fetched from: nobody, the addresses that the certificates name, or of those
   * only the hosts named here (`host` or `host:port`).
   */
  readonly revocation: 'off' | 'from-certificates' | { readonly hosts: readonly string[] };
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Whether an address that a certificate names may be reached. */
export function mayReach({ revocation }: SigningNetwork, address: string): boolean {
  if (revocation === 'off' || !URL.canParse(address)) return false;
  const { protocol, host, hostname } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  if (revocation === 'from-certificates') return true;
  return revocation.hosts.some(
    (allowed) => allowed.toLowerCase() === host || allowed.toLowerCase() === hostname,
  );
}
