/** The public part of signing keys as it lies in the database. */
import { readFirstAsn1 } from '../pdf/signing/asn1/asn1.ts';
import type { Db } from './db.ts';

export interface StoredSigningKey {
  readonly id: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER, the nearest issuer first. */
  readonly chain: readonly Uint8Array[];
  /** The name of the private key in the SecretStore. */
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

interface Row {
  readonly id: string;
  readonly certificate: Uint8Array;
  readonly chain: Uint8Array;
  readonly secret: string;
  readonly created_at: number;
}

export interface SigningKeyRepository {
  /** Rejects when there is one of that name. */
  add(key: StoredSigningKey): Promise<void>;
  find(id: string): StoredSigningKey | undefined;
  /** In alphabetical order. */
  ids(): string[];
  /** Durable when it returns. */
  remove(id: string): void;
}

export function createSigningKeyRepository(db: Db): SigningKeyRepository {
  return {
    async add({ id, certificate, chain, secret, createdAt }) {
      await db.write(() =>
        db
          .prepare(
            'INSERT INTO signing_keys (id, certificate, chain, secret, created_at) VALUES (?, ?, ?, ?, ?)',
          )
          .run(id, certificate, Buffer.concat(chain), secret, createdAt),
      );
    },
    find(id) {
      const row = db.prepare('SELECT * FROM signing_keys WHERE id = ?').get<Row>(id);
      if (row === undefined) return undefined;
      const { certificate, secret, created_at } = row;
      return { id, certificate, chain: splitChain(row.chain), secret, createdAt: created_at };
    },
    ids() {
      const rows = db.prepare('SELECT id FROM signing_keys ORDER BY id').all<Pick<Row, 'id'>>();
      return rows.map(({ id }) => id);
    },
    remove(id) {
      db.transaction(() => db.prepare('DELETE FROM signing_keys WHERE id = ?').run(id));
    },
  };
}

function splitChain(bytes: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(certificates.at(-1)?.length)) {
    certificates.push(readFirstAsn1(rest).raw);
  }
  return certificates;
}
