import type { Migration } from './migration.ts';

/** API clients. `secret_hash` is the scrypt record of core/auth/client-secret.ts; `scopes` are separated by spaces. */
export const apiClientsMigration: Migration = {
  id: 2,
  name: 'api clients',
  sql: `
CREATE TABLE api_clients (
  client_id    TEXT    PRIMARY KEY,
  name         TEXT    NOT NULL,
  scopes       TEXT    NOT NULL,
  secret_hash  TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
`,
};
