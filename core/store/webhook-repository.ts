/** Webhooks in the database: whom to tell, and the outbox. Every method that writes belongs inside a transaction of the caller. */
import type { WebhookDeliveryQuery, WebhookState, WebhookType } from '../../contract/webhook.ts';
import { InfluxionError } from '../error.ts';
import type { Db, SqlValue } from './db.ts';

/** Where to, and the sealed secret that belongs to it. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: Uint8Array;
}

export interface NewDelivery {
  readonly messageId: string;
  readonly type: WebhookType;
  readonly clientId: string;
  readonly jobId: number | null;
  readonly batchId: number | null;
  readonly target: WebhookTarget;
  readonly body: string;
}

/** Times are milliseconds since the epoch. */
export interface DeliveryRow {
  readonly id: number;
  readonly message_id: string;
  readonly type: WebhookType;
  readonly state: WebhookState;
  readonly client_id: string;
  readonly job_id: number | null;
  readonly batch_id: number | null;
  readonly url: string;
  readonly attempts: number;
  readonly created_at: number;
  readonly next_at: number;
  readonly ended_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

/** One that is to be sent. */
export interface DueDelivery {
  readonly id: number;
  readonly message_id: string;
  readonly url: string;
  readonly attempts: number;
  readonly secret: Uint8Array;
  readonly body: string;
}

export interface AttemptResult {
  readonly state: WebhookState;
  /** When it is tried again, while it waits. */
  readonly nextAt: number;
  readonly status: number | null;
  readonly error: string | null;
}

export interface WebhookRepository {
  setForJob(jobId: number, target: WebhookTarget): void;
  /** False when there is no such client. */
  setForClient(clientId: string, target: WebhookTarget): boolean;
  clearForClient(clientId: string): void;
  targetOfJob(jobId: number): WebhookTarget | undefined;
  targetOfClient(clientId: string): WebhookTarget | undefined;

  add(delivery: NewDelivery, now: number): void;
  /** Hosts with deliveries that wait, each with the time of its next. */
  waitingHosts(): { readonly host: string; readonly nextAt: number }[];
  /** Due ones of one host, the one that waits longest first. */
  due(host: string, now: number, limit: number): DueDelivery[];
  /** The end of one attempt. */
  settle(id: number, result: AttemptResult, now: number): void;
  /** To be tried now, as if it were new. Undefined: there is none of that id, or it is another client's. */
  resend(messageId: string, clientId: string | undefined, now: number): DeliveryRow | undefined;
  /** Whatever claims to be due later than this is due now: the clock was set back. */
  pullIn(latest: number, now: number): void;
  /** Newest first. Only those of `clientId` unless it is undefined. VALIDATION_FAILED for a cursor of other making. */
  page(
    query: WebhookDeliveryQuery,
    clientId: string | undefined,
  ): { readonly rows: readonly DeliveryRow[]; readonly nextCursor: string | null };
  /** Forgets deliveries that ended before, and the oldest beyond `most`. */
  prune(endedBefore: number, most: number): number;
}

const COLUMNS = `id, message_id, type, state, client_id, job_id, batch_id, url, attempts, created_at, next_at, ended_at,
  last_status, last_error`;

export function createWebhookRepository(db: Db): WebhookRepository {
  return {
    setForJob(jobId, { url, secret }) {
      db.prepare('INSERT INTO job_webhooks (job_id, url, secret) VALUES (?, ?, ?)').run(jobId, url, secret);
    },
    setForClient: (clientId, { url, secret }) =>
      db
        .prepare(
          `INSERT OR REPLACE INTO client_webhooks (client_id, url, secret)
           SELECT client_id, ?, ? FROM api_clients WHERE client_id = ?`,
        )
        .run(url, secret, clientId).changes > 0,
    clearForClient(clientId) {
      db.prepare('DELETE FROM client_webhooks WHERE client_id = ?').run(clientId);
    },
    targetOfJob: (jobId) =>
      db.prepare('SELECT url, secret FROM job_webhooks WHERE job_id = ?').get<WebhookTarget>(jobId),
    targetOfClient: (clientId) =>
      db.prepare('SELECT url, secret FROM client_webhooks WHERE client_id = ?').get<WebhookTarget>(clientId),

    add({ messageId, type, clientId, jobId, batchId, target, body }, now) {
      db.prepare(
        `INSERT INTO webhook_deliveries
           (message_id, type, state, client_id, job_id, batch_id, url, host, created_at, next_at, secret, body)
         VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        messageId,
        type,
        clientId,
        jobId,
        batchId,
        target.url,
        new URL(target.url).host,
        now,
        now,
        target.secret,
        body,
      );
    },
    // One step of the index a host, however many deliveries wait for each.
    waitingHosts: () =>
      db
        .prepare(
          `WITH RECURSIVE hosts (host) AS (
             SELECT min(host) FROM webhook_deliveries WHERE state = 'waiting'
             UNION ALL
             SELECT (SELECT min(host) FROM webhook_deliveries WHERE state = 'waiting' AND host > hosts.host)
             FROM hosts WHERE hosts.host IS NOT NULL
           )
           SELECT host, (SELECT min(next_at) FROM webhook_deliveries d WHERE d.state = 'waiting' AND d.host = hosts.host) AS nextAt
           FROM hosts WHERE host IS NOT NULL`,
        )
        .all<{ host: string; nextAt: number }>(),
    due: (host, now, limit) =>
      db
        .prepare(
          `SELECT id, message_id, url, attempts, secret, body FROM webhook_deliveries
           WHERE state = 'waiting' AND host = ? AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
        )
        .all<DueDelivery>(host, now, limit),
    settle(id, { state, nextAt, status, error }, now) {
      db.prepare(
        `UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, next_at = ?, ended_at = ?, last_status = ?,
           last_error = ?
         WHERE id = ?`,
      ).run(state, nextAt, state === 'waiting' ? null : now, status, error, id);
    },
    resend(messageId, clientId, now) {
      const mine = clientId === undefined ? '' : ' AND client_id = ?';
      return db
        .prepare(
          `UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_at = ?, ended_at = NULL
           WHERE message_id = ?${mine} RETURNING ${COLUMNS}`,
        )
        .get<DeliveryRow>(now, messageId, ...(clientId === undefined ? [] : [clientId]));
    },
    pullIn(latest, now) {
      db.prepare(`UPDATE webhook_deliveries SET next_at = ? WHERE state = 'waiting' AND next_at > ?`).run(
        now,
        latest,
      );
    },
    page(query, clientId) {
      const { where, values } = conditions(query, clientId);
      // One row more than asked for tells whether there is another page.
      const rows = db
        .prepare(`SELECT ${COLUMNS} FROM webhook_deliveries${where} ORDER BY id DESC LIMIT ?`)
        .all<DeliveryRow>(...values, query.limit + 1);
      const more = rows.length > query.limit;
      if (more) rows.pop();
      return { rows, nextCursor: more ? String(rows.at(-1)?.id) : null };
    },
    prune(endedBefore, most) {
      const old = db.prepare('DELETE FROM webhook_deliveries WHERE ended_at < ?').run(endedBefore).changes;
      const surplus = db
        .prepare(
          `DELETE FROM webhook_deliveries WHERE state <> 'waiting'
           AND id <= (SELECT id FROM webhook_deliveries ORDER BY id DESC LIMIT 1 OFFSET ?)`,
        )
        .run(most).changes;
      return old + surplus;
    },
  };
}

function conditions(
  { state, job_id, cursor }: WebhookDeliveryQuery,
  clientId: string | undefined,
): { readonly where: string; readonly values: SqlValue[] } {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  const add = (term: string, value: SqlValue): void => {
    terms.push(term);
    values.push(value);
  };
  if (clientId !== undefined) add('client_id = ?', clientId);
  if (job_id !== undefined) add('job_id = ?', job_id);
  // As a literal, which is what lets SQLite use a partial index (https://www.sqlite.org/partialindex.html §3).
  if (state !== undefined) terms.push(`state = '${state}'`);
  if (cursor !== undefined) add('id < ?', parseCursor(cursor));
  return { where: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values };
}

function parseCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  const message = 'The cursor must be the next_cursor of an earlier page.';
  throw new InfluxionError('VALIDATION_FAILED', message, { errors: [{ path: 'cursor', message }] });
}
