import type { Migration } from './migration.ts';

/**
 * Whom to tell when work ends, and what was told.
 *
 * - `secret` is what core/webhooks/sealed-secrets.ts made of it, for the `url` of its row.
 * - `webhook_deliveries` is the outbox: a row is written in the transaction that ends the work. `body` is kept as it was signed
 *   first; `host` is that of `url`, so that a host that is slow holds up only its own.
 * - `next_at` is the only wall-clock time that anything waits for.
 */
export const webhooksMigration: Migration = {
  id: 7,
  name: 'webhooks',
  sql: `
CREATE TABLE job_webhooks (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  url    TEXT NOT NULL,
  secret BLOB NOT NULL
) STRICT;

CREATE TABLE client_webhooks (
  client_id TEXT PRIMARY KEY REFERENCES api_clients (client_id) ON DELETE CASCADE,
  url       TEXT NOT NULL,
  secret    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_deliveries (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id  TEXT    NOT NULL UNIQUE,
  type        TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  client_id   TEXT    NOT NULL,
  job_id      INTEGER,
  batch_id    INTEGER,
  url         TEXT    NOT NULL,
  host        TEXT    NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  next_at     INTEGER NOT NULL,
  ended_at    INTEGER,
  last_status INTEGER,
  last_error  TEXT,
  secret      BLOB    NOT NULL,
  body        TEXT    NOT NULL
) STRICT;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (host, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (id) WHERE state = 'failed';
CREATE INDEX webhook_deliveries_by_client ON webhook_deliveries (client_id, id);
CREATE INDEX webhook_deliveries_by_job ON webhook_deliveries (job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
`,
};
