import type { Migration } from './migration.ts';

/**
 * Jobs, what they were asked to do, and every state they went through.
 *
 * - `jobs.attempt` is the fencing token: it only ever grows. `tries` counts the attempts that are held against the job
 *   (counted at claim, given back when the host stopped or the disk was full).
 * - `jobs.rank` orders the queue: the id less a bonus per point of priority, so that age always wins in the end and no
 *   clock takes part.
 * - `jobs.delayed` is set while a job waits for its retry; the delay itself is in memory, a restart ends it.
 * - `jobs.beat` is the heartbeat of the attempt: whoever watches compares it over his own monotonic time.
 * - `job_states.id` is also the id of the event `job.changed`.
 * - Indexes are partial where they can be: each page that a commit touches is a page that is synced.
 */
export const jobsMigration: Migration = {
  id: 1,
  name: 'jobs',
  sql: `
CREATE TABLE jobs (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id      TEXT    NOT NULL,
  status         TEXT    NOT NULL CHECK (status IN ('Received', 'InProgress', 'Done', 'Error')),
  priority       INTEGER NOT NULL,
  rank           INTEGER NOT NULL,
  delayed        INTEGER NOT NULL DEFAULT 0,
  attempt        INTEGER NOT NULL DEFAULT 0,
  tries          INTEGER NOT NULL DEFAULT 0,
  owner          TEXT,
  beat           INTEGER NOT NULL DEFAULT 0,
  keyed          INTEGER NOT NULL DEFAULT 0,
  document_id    TEXT,
  template_id    TEXT,
  pdf_standard   TEXT,
  created_at     INTEGER NOT NULL,
  started_at     INTEGER,
  completed_at   INTEGER,
  size           INTEGER,
  pages          INTEGER,
  payload_size   INTEGER NOT NULL,
  sha256         TEXT,
  output_missing INTEGER NOT NULL DEFAULT 0,
  timings        TEXT    NOT NULL DEFAULT '{}',
  warnings       TEXT    NOT NULL DEFAULT '[]',
  error_detail   TEXT
) STRICT;

CREATE INDEX jobs_received ON jobs (delayed, rank, id) WHERE status = 'Received';
CREATE INDEX jobs_in_progress ON jobs (id) WHERE status = 'InProgress';
CREATE INDEX jobs_in_error ON jobs (id) WHERE status = 'Error';
CREATE INDEX jobs_by_client ON jobs (client_id, id);
CREATE INDEX jobs_by_document ON jobs (document_id, id) WHERE document_id IS NOT NULL;
CREATE INDEX jobs_by_template ON jobs (template_id, id) WHERE template_id IS NOT NULL;
CREATE INDEX jobs_by_creation ON jobs (created_at, id);
CREATE INDEX jobs_ended ON jobs (completed_at, id) WHERE completed_at IS NOT NULL;

CREATE TABLE job_payloads (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  body   TEXT,
  file   TEXT,
  CHECK ((body IS NULL) <> (file IS NULL))
) STRICT;

CREATE TABLE job_states (
  id      INTEGER PRIMARY KEY,
  job_id  INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  status  TEXT    NOT NULL,
  attempt INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  code    TEXT
) STRICT;

CREATE INDEX job_states_by_job ON job_states (job_id, id);

CREATE TABLE idempotency_keys (
  client_id   TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  job_id      INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  PRIMARY KEY (client_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job_id);
`,
};
