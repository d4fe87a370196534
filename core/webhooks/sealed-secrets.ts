/**
 * The secrets of webhooks as rows hold them: AES-256-GCM under a key in the SecretStore. A row of its own for each address
 * would be too many for the SecretStore, and is gone with its job. The address is part of what is authenticated: nobody
 * who writes to the database alone can have a secret sign for another one.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InfluxionError } from '../error.ts';
import type { SecretStore } from '../ports.ts';

const KEY_NAME = 'webhook-key';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedSecrets {
  /** Errors: those of the SecretStore. */
  seal(secret: string, url: string): Promise<Uint8Array>;
  /** Errors: those of the SecretStore, DATA_FOLDER_UNUSABLE when it was sealed under another key or for another address. */
  open(sealed: Uint8Array, url: string): Promise<string>;
}

export function createSealedSecrets(secrets: Pick<SecretStore, 'get' | 'set'>): SealedSecrets {
  let opening: Promise<Uint8Array> | undefined;

  const load = async (): Promise<Uint8Array> => {
    const known = await secrets.get(KEY_NAME);
    if (known !== undefined) return known;
    const fresh = randomBytes(KEY_BYTES);
    await secrets.set(KEY_NAME, fresh);
    return fresh;
  };
  const key = (): Promise<Uint8Array> => {
    opening ??= load().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  return {
    async seal(secret, url) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, await key(), nonce).setAAD(Buffer.from(url));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]);
    },
    async open(sealed, url) {
      const whole = Buffer.from(sealed);
      try {
        const decipher = createDecipheriv(CIPHER, await key(), whole.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(url))
          .setAuthTag(whole.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const text = decipher.update(whole.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (error) {
        if (InfluxionError.is(error)) throw error;
        throw new InfluxionError(
          'DATA_FOLDER_UNUSABLE',
          'The secret of a webhook cannot be opened with the key of this data folder.',
          { hint: 'Set the webhook anew.' },
          error,
        );
      }
    },
  };
}
