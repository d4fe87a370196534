/** API clients as they lie in the database. */
import type { Scope } from '../../contract/access.ts';
import type { Db } from './db.ts';

export interface StoredClient {
  readonly clientId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly secretHash: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** Set by core/webhooks. */
  readonly webhookUrl: string | null;
}

interface Row {
  readonly client_id: string;
  readonly name: string;
  readonly scopes: string;
  readonly secret_hash: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
  readonly webhook_url: string | null;
}

const fromRow = (row: Row): StoredClient => ({
  clientId: row.client_id,
  name: row.name,
  scopes: row.scopes.split(' ') as Scope[],
  secretHash: row.secret_hash,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  webhookUrl: row.webhook_url,
});

export interface ClientRepository {
  add(client: Omit<StoredClient, 'webhookUrl'>): Promise<void>;
  find(clientId: string): StoredClient | undefined;
  /** Oldest first. */
  list(): StoredClient[];
  /** False when there was no such client. Durable when it returns. */
  remove(clientId: string): boolean;
  markUsed(clientId: string, at: number): Promise<void>;
}

const SELECT = `SELECT *, (SELECT url FROM client_webhooks w WHERE w.client_id = api_clients.client_id) AS webhook_url
  FROM api_clients`;

export function createClientRepository(db: Db): ClientRepository {
  return {
    async add({ clientId, name, scopes, secretHash, createdAt, lastUsedAt }) {
      await db.write(() =>
        db
          .prepare(
            'INSERT INTO api_clients (client_id, name, scopes, secret_hash, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(clientId, name, scopes.join(' '), secretHash, createdAt, lastUsedAt),
      );
    },
    find(clientId) {
      const row = db.prepare(`${SELECT} WHERE client_id = ?`).get<Row>(clientId);
      return row && fromRow(row);
    },
    list() {
      return db.prepare(`${SELECT} ORDER BY created_at, client_id`).all<Row>().map(fromRow);
    },
    remove(clientId) {
      return db.transaction(
        () => db.prepare('DELETE FROM api_clients WHERE client_id = ?').run(clientId).changes > 0,
      );
    },
    async markUsed(clientId, at) {
      await db.write(() =>
        db.prepare('UPDATE api_clients SET last_used_at = ? WHERE client_id = ?').run(at, clientId),
      );
    },
  };
}
