/** Where a webhook goes and the secret that signs it, as requests write them. */
import { z } from 'zod';

const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme". */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

const keyBytes = (secret: string): number =>
  Math.floor((secret.slice('whsec_'.length).replace(/=+$/, '').length * 3) / 4);

export const WebhookSecret = z
  .string()
  .max(100)
  .regex(SECRET, 'Must be "whsec_" and base64')
  .refine(
    (secret) => keyBytes(secret) >= LEAST_BYTES && keyBytes(secret) <= MOST_BYTES,
    `Must hold ${LEAST_BYTES} to ${MOST_BYTES} random bytes`,
  );

/** What stands before an `@` in the host; URLs of http take `\\` for `/`. */
const USER = /^https?:[\\/]*[^\\/?#]*@/i;

export const WebhookUrl = z
  .url({ protocol: /^https?$/, error: 'Must be an address of http or https' })
  .max(2000)
  .refine((url) => !USER.test(url), 'Must hold no user and no password');

/** `host`, `host:port`, `*.domain` or the beginning of an address; parsed by core/webhooks/allowed-address.ts. */
export const AllowedAddressList = z.array(z.string().trim().min(1).max(500)).max(200);
