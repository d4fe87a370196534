/** The keys that sign access tokens: made at first use, kept in the SecretStore, replaced with age. */
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import { z } from 'zod';
import { InfluxionError } from '../error.ts';
import type { Clock, SecretStore } from '../ports.ts';

/** The one algorithm, never taken from a token (RFC 8725 §3.1). */
export const SIGNING_ALGORITHM = 'ES256';

const SECRET_NAME = 'token-signing-keys';

const StoredKeys = z.array(
  z.object({
    kid: z.string(),
    created_at: z.number(),
    /** When another took over; it still verifies what it signed. */
    retired_at: z.number().nullable(),
    jwk: z.record(z.string(), z.unknown()),
  }),
);
type StoredKey = z.infer<typeof StoredKeys>[number];

export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

interface LoadedKey {
  readonly stored: StoredKey;
  readonly signing: CryptoKey;
  readonly verifying: CryptoKey;
}

export interface SigningKeysOptions {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly rotateAfterMs: number;
  /** How long after its retirement a key may still be needed: the life of a token. */
  readonly keepRetiredMs: number;
}

export interface SigningKeys {
  /** The key to sign with; a new one when the last is too old. */
  current(): Promise<SigningKey>;
  /** The key to verify with; undefined for one that was never ours or whose last token has expired. */
  find(kid: string): Promise<CryptoKey | undefined>;
}

export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const { secrets, clock, rotateAfterMs, keepRetiredMs } = options;
  let loading: Promise<readonly LoadedKey[]> | undefined;
  let rotating: Promise<readonly LoadedKey[]> | undefined;

  /** Newest first. A failure is told to all who wait, and the next call tries again. */
  const keys = (): Promise<readonly LoadedKey[]> => {
    loading ??= load(secrets).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  const isStillNeeded = ({ stored }: LoadedKey): boolean =>
    stored.retired_at === null || clock.now() < stored.retired_at + keepRetiredMs;

  const rotate = async (known: readonly LoadedKey[]): Promise<readonly LoadedKey[]> => {
    const now = clock.now();
    const fresh = await makeKey(now);
    const retired = known.map(({ stored, ...loaded }) => ({
      ...loaded,
      stored: { ...stored, retired_at: stored.retired_at ?? now },
    }));
    const next = [fresh, ...retired.filter(isStillNeeded)];
    const text = JSON.stringify(next.map(({ stored }) => stored));
    await secrets.set(SECRET_NAME, new TextEncoder().encode(text));
    loading = Promise.resolve(next);
    return next;
  };

  const rotateOnce = (known: readonly LoadedKey[]): Promise<readonly LoadedKey[]> => {
    rotating ??= rotate(known).finally(() => (rotating = undefined));
    return rotating;
  };

  return {
    async current() {
      let known = await keys();
      const [newest] = known;
      if (newest === undefined || clock.now() - newest.stored.created_at > rotateAfterMs) {
        known = await rotateOnce(known);
      }
      const [key] = known;
      if (key === undefined) throw new Error('A rotation left no signing key');
      return { kid: key.stored.kid, key: key.signing };
    },
    async find(kid) {
      const known = await keys();
      return known.find((key) => key.stored.kid === kid && isStillNeeded(key))?.verifying;
    },
  };
}

async function load(secrets: SecretStore): Promise<readonly LoadedKey[]> {
  const bytes = await secrets.get(SECRET_NAME);
  if (bytes === undefined) return [];
  let stored: StoredKey[];
  try {
    stored = StoredKeys.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new InfluxionError(
      'DATA_FOLDER_UNUSABLE',
      'The signing keys of the access tokens in the data folder are damaged.',
      {},
      error,
    );
  }
  return Promise.all(stored.map(loadKey));
}

async function makeKey(now: number): Promise<LoadedKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return loadKey({
    kid: await calculateJwkThumbprint(jwk),
    created_at: now,
    retired_at: null,
    jwk: { ...jwk },
  });
}

async function loadKey(stored: StoredKey): Promise<LoadedKey> {
  const publicPart: JWK = { ...stored.jwk };
  delete publicPart.d;
  return { stored, signing: await importKey(stored.jwk), verifying: await importKey(publicPart) };
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('A signing key is not an asymmetric key');
  return key;
}
