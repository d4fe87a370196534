import type { Migration } from './migration.ts';

/**
 * The public part of the keys that sign documents. `certificate` is DER, `chain` the DER of its issuers one after the other,
 * `secret` the name under which the SecretStore holds the private key.
 */
export const signingKeysMigration: Migration = {
  id: 5,
  name: 'signing keys',
  sql: `
CREATE TABLE signing_keys (
  id          TEXT    NOT NULL PRIMARY KEY,
  certificate BLOB    NOT NULL,
  chain       BLOB    NOT NULL,
  secret      TEXT    NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;
`,
};
