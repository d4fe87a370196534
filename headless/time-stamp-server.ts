/** The time-stamp server that the environment names. */
import type { TimeStampServer } from '../core/pdf/signing/trust/signing-network.ts';
import { UsageError } from './usage-error.ts';

const URL_VARIABLE = 'INFLUXION_TIME_STAMP_URL';

/** `INFLUXION_TIME_STAMP_URL`, `…_USER` and `…_PASSWORD`; undefined when no server is named. Errors: UsageError. */
export function timeStampServer(env: NodeJS.ProcessEnv): TimeStampServer | undefined {
  const url = env[URL_VARIABLE];
  if (url === undefined || url === '') return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(
      `${URL_VARIABLE} is no address.`,
      'It names a server for time stamps (RFC 3161), such as https://tsa.example.com/tsr.',
    );
  }
  const [user, password] = [env['INFLUXION_TIME_STAMP_USER'], env['INFLUXION_TIME_STAMP_PASSWORD']];
  return { url, ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
}
