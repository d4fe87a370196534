/** The key derivation of PKCS #12 (RFC 7292, appendix B.2). */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Block and output of the hash functions in bytes (FIPS 180-4). */
const HASHES = {
  sha1: { block: 64, output: 20 },
  sha256: { block: 64, output: 32 },
  sha384: { block: 128, output: 48 },
  sha512: { block: 128, output: 64 },
} as const;

export type DerivationHash = keyof typeof HASHES;

export const isDerivationHash = (name: string): name is DerivationHash => Object.hasOwn(HASHES, name);

/** What the derived bytes are for. */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

export interface DerivationOptions {
  readonly hash: DerivationHash;
  readonly purpose: (typeof PURPOSE)[keyof typeof PURPOSE];
  /** In UTF-16 with its two zero bytes. */
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly length: number;
}

/** Hashing goes on in this thread; others get their turn after so many rounds. */
const ROUNDS_A_TURN = 20_000;

export async function derivePkcs12(options: DerivationOptions): Promise<Buffer> {
  const { hash, purpose, passphrase, salt, iterations, length } = options;
  const { block, output } = HASHES[hash];
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([repeated(salt, block), repeated(passphrase, block)]);
  const derived = Buffer.alloc(Math.ceil(length / output) * output);
  for (let at = 0; at < derived.length; at += output) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round++) {
      if (round % ROUNDS_A_TURN === 0) await nextTurn();
      digest = createHash(hash).update(digest).digest();
    }
    digest.copy(derived, at);
    const addend = repeated(digest, block).subarray(0, block);
    for (let start = 0; start < input.length; start += block) {
      addWithCarry(input.subarray(start, start + block), addend);
    }
  }
  input.fill(0);
  return derived.subarray(0, length);
}

/** Copies up to a multiple of the block; nothing stays nothing. */
function repeated(bytes: Uint8Array, block: number): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0);
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** `target + addend + 1`, as big-endian numbers without overflow. */
function addWithCarry(target: Uint8Array, addend: Uint8Array): void {
  let carry = 1;
  for (let index = target.length - 1; index >= 0; index--) {
    carry += (target[index] ?? 0) + (addend[index] ?? 0);
    target[index] = carry & 0xff;
    carry >>= 8;
  }
}
