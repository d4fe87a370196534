/** Whom signatures may reach: the settings, and the secret that belongs to them. */
import type { Settings } from '../../../contract/studio/app.ts';
import type { SecretStore } from '../../ports.ts';
import type { SigningNetwork, TimeStampServer } from './trust/signing-network.ts';

const PASSWORD = 'time-stamp-password';
/** Servers of authorities answer within a second or two; a signature waits for three of them at the most. */
const ANSWER_MS = 15_000;

/** `host`: what the environment of the host says, which goes before the settings. Errors: those of the SecretStore. */
export async function signingNetwork(
  { time_stamp_url, time_stamp_user, revocation, revocation_hosts }: Settings['signing'],
  secrets: Pick<SecretStore, 'get'>,
  host: Partial<Pick<SigningNetwork, 'timeStamp' | 'revocation'>> = {},
): Promise<SigningNetwork> {
  return {
    timeStamp: host.timeStamp ?? (await configured(time_stamp_url, time_stamp_user, secrets)),
    revocation: host.revocation ?? (revocation === 'hosts' ? { hosts: revocation_hosts } : revocation),
    timeoutMs: ANSWER_MS,
  };
}

async function configured(
  url: string | null,
  user: string | null,
  secrets: Pick<SecretStore, 'get'>,
): Promise<TimeStampServer | undefined> {
  if (url === null) return undefined;
  if (user === null) return { url };
  const password = await secrets.get(PASSWORD);
  return { url, user, ...(password !== undefined && { password: Buffer.from(password).toString('utf8') }) };
}

/** Null forgets it. Errors: those of the SecretStore. */
export async function setTimeStampPassword(
  secrets: Pick<SecretStore, 'set' | 'delete'>,
  password: string | null,
): Promise<void> {
  if (password === null) await secrets.delete(PASSWORD);
  else await secrets.set(PASSWORD, Buffer.from(password));
}
