/** Whom signing may ask whether certificates were revoked, as the environment says. */
import type { SigningNetwork } from '../core/pdf/signing/trust/signing-network.ts';
import { UsageError } from './usage-error.ts';

const VARIABLE = 'INFLUXION_REVOCATION';
const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:]+\](?::\d{1,5})?$/;

/**
 * `INFLUXION_REVOCATION`: `off`, `from-certificates`, or the hosts that may be asked, parted by commas. Undefined when it says
 * nothing. Errors: UsageError.
 */
export function revocationSetting(env: NodeJS.ProcessEnv): SigningNetwork['revocation'] | undefined {
  const value = env[VARIABLE]?.trim();
  if (value === undefined || value === '') return undefined;
  if (value === 'off' || value === 'from-certificates') return value;
  const hosts = value.split(/[\s,]+/).filter((host) => host !== '');
  const wrong = hosts.find((host) => !HOST.test(host));
  if (wrong === undefined) return { hosts };
  throw new UsageError(
    `${VARIABLE}: "${wrong}" is no host.`,
    'Say off, from-certificates, or the hosts that may be asked, such as ocsp.example.com,crl.example.com:8080.',
  );
}
