/** Private keys that were opened a moment ago: a batch of documents opens its key once. */
import type { KeyObject } from 'node:crypto';
import { InfluxionError } from '../../../error.ts';
import type { SecretStore } from '../../../ports.ts';
import { openPkcs8 } from './key-kind.ts';

export interface OpenedKeys {
  /** `secret` is the name in the SecretStore. Errors: KEY_LOCKED for the key `id`. */
  open(id: string, secret: string): Promise<KeyObject>;
  forget(secret: string): void;
  close(): void;
}

/** From the last use. */
const KEPT_MS = 30_000;

interface Opened {
  readonly key: Promise<KeyObject>;
  readonly timer: NodeJS.Timeout;
}

export function createOpenedKeys(secrets: SecretStore): OpenedKeys {
  const opened = new Map<string, Opened>();

  const forget = (secret: string): void => {
    clearTimeout(opened.get(secret)?.timer);
    opened.delete(secret);
  };

  return {
    open(id, secret) {
      const known = opened.get(secret);
      if (known !== undefined) {
        known.timer.refresh();
        return known.key;
      }
      const key = load(id, secret, secrets);
      const timer = setTimeout(() => forget(secret), KEPT_MS).unref();
      const entry = { key, timer };
      opened.set(secret, entry);
      key.catch(() => {
        if (opened.get(secret) === entry) forget(secret);
      });
      return key;
    },
    forget,
    close() {
      for (const secret of [...opened.keys()]) forget(secret);
    },
  };
}

async function load(id: string, secret: string, secrets: SecretStore): Promise<KeyObject> {
  const pkcs8 = await secrets.get(secret).catch((error: unknown) => {
    throw locked(id, error);
  });
  if (pkcs8 === undefined) throw locked(id);
  const copy = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength);
  try {
    return openPkcs8(copy);
  } catch (error) {
    throw locked(id, error);
  } finally {
    copy.fill(0);
  }
}

const locked = (id: string, cause?: unknown): InfluxionError =>
  new InfluxionError(
    'KEY_LOCKED',
    `The private key of "${id}" cannot be opened: it is missing or damaged, or it was stored under another secret.`,
    {
      hint: 'Start Influxion as the user and with the INFLUXION_SECRET_KEY it was imported with, or remove it and import it again.',
    },
    cause,
  );
