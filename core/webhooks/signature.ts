/** The headers of Standard Webhooks 1.0.0: an id that never changes, the time of the attempt, and a signature over both and the body. */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const NEW_SECRET_BYTES = 32;

export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(NEW_SECRET_BYTES).toString('base64')}`;

export const newMessageId = (): string => `msg_${randomBytes(18).toString('base64url')}`;

/** `secret`: `whsec_…`; `now`: milliseconds since the epoch. */
export function signedHeaders(
  message: { readonly id: string; readonly body: string },
  secret: string,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64');
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
