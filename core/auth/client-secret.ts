/**
 * Client secrets: 256 random bits, kept as a scrypt record `scrypt$N$r$p$salt$key` (RFC 7914; base64url). scrypt and
 * not argon2, because Electron's BoringSSL has no argon2.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { InfluxionError } from '../error.ts';

/** About 40 ms and 16 MB: enough in front of 256 random bits, and little enough beside the rendering. */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** One at a time: the threads it runs on also read and write the documents. */
const MAX_WAITING = 50;

export const createSecret = (): string => randomBytes(32).toString('base64url');

/** A record that no secret matches: what the secret of an unknown client is compared with, to take as long. */
export const createDecoyRecord = (): string =>
  formatRecord(COST, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));

export interface SecretHasher {
  hash(secret: string): Promise<string>;
  /** Takes the same time whatever differs. RATE_LIMITED when too many wait. */
  matches(secret: string, record: string): Promise<boolean>;
}

export function createSecretHasher({ maxWaiting = MAX_WAITING } = {}): SecretHasher {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= maxWaiting) {
      throw new InfluxionError('RATE_LIMITED', 'Too many token requests at once; try again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    waiting++;
    const result = tail.then(work, work);
    tail = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      waiting--;
    }
  };

  return {
    async hash(secret) {
      const salt = randomBytes(SALT_BYTES);
      return formatRecord(COST, salt, await inTurn(() => derive(secret, salt, COST)));
    },
    async matches(secret, record) {
      const [, n, r, p, salt = '', key = ''] = record.split('$');
      const expected = Buffer.from(key, 'base64url');
      const cost = { N: Number(n), r: Number(r), p: Number(p) };
      const actual = await inTurn(() => derive(secret, Buffer.from(salt, 'base64url'), cost));
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const formatRecord = ({ N, r, p }: Cost, salt: Buffer, key: Buffer): string =>
  ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');

function derive(secret: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(secret, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
    if (error) reject(error);
    else resolve(key);
  });
  return promise;
}
