/** Whom signatures may reach: the settings, and the secret that belongs to them. */
import type { Settings } from '../../../contract/studio/app.ts';
import type { SecretStore } from '../../ports.ts';
import type { SigningNetwork, TimeStampServer } from './trust/signing-network.ts';

const PASSWORD = 'time-stamp-password';
/** Servers of authorities answer within a second or two; a signature waits for three of them at the most. */
const ANSWER_MS = 15_000;

/** `server`: what the environment of the host sets, which goes before the settings. Errors: those of the SecretStore. */
export async function signingNetwork(
  { time_stamp_url, time_stamp_user, revocation, revocation_hosts }: Settings['signing'],
  secrets: Pick<SecretStore, 'get'>,
  server: TimeStampServer | undefined,
): Promise<SigningNetwork> {
  return {
    timeStamp: server ?? (await configured(time_stamp_url, time_stamp_user, secrets)),
    revocation: revocation === 'hosts' ? { hosts: revocation_hosts } : revocation,
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
