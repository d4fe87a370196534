/** Webhooks: who is told what when work ends. Rows are written in the transaction of that end; sending is the dispatcher's. */
import type { Job } from '../../contract/job.ts';
import type {
  ClientWebhook,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookDeliveryQuery,
  WebhookType,
} from '../../contract/webhook.ts';
import { InfluxionError } from '../error.ts';
import type { AskedWebhook, JobWebhooks } from '../jobs/job-webhook.ts';
import type { Clock, Logger, SecretStore } from '../ports.ts';
import type { Db } from '../store/db.ts';
import {
  createWebhookRepository,
  type DeliveryRow,
  type WebhookTarget,
} from '../store/webhook-repository.ts';
import { findUnusableEntry, permitFor } from './allowed-address.ts';
import { DEFAULT_DELIVERY_POLICY, type DeliveryPolicy } from './delivery-policy.ts';
import { createDispatcher } from './dispatcher.ts';
import { refuseNumber, resolveName, type ResolveName } from './reach.ts';
import { createSealedSecrets } from './sealed-secrets.ts';
import { newMessageId, newWebhookSecret } from './signature.ts';

export interface WebhooksDeps {
  readonly db: Db;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** What the owner allows now; see core/webhooks/allowed-address.ts. */
  readonly allowed: () => readonly string[];
  readonly policy?: Partial<DeliveryPolicy>;
  /** Names and chance, for tests. */
  readonly resolve?: ResolveName;
  readonly random?: () => number;
}

/** An end that somebody may want to know of. */
export interface Ending {
  readonly type: WebhookType;
  readonly clientId: string;
  readonly subject: { readonly jobId: number } | { readonly batchId: number };
  /** Of its own; undefined: that of the client, if there is one. */
  readonly target: WebhookTarget | undefined;
  /** The subject as the API shows it; asked for only when somebody is told. */
  readonly data: () => object;
}

export interface Webhooks extends JobWebhooks {
  /**
   * The target that a request asks for, to be kept with its work. Errors: WEBHOOK_NOT_ALLOWED, VALIDATION_FAILED (a secret
   * without an address, no secret at all), those of the SecretStore.
   */
  admit(asked: AskedWebhook, clientId: string): Promise<WebhookTarget | undefined>;
  /** Inside the transaction that makes the job. */
  keepForJob(jobId: number, target: WebhookTarget): void;
  /** Inside the transaction that ends the job. */
  jobEnded(jobId: number, clientId: string, job: () => Job): void;
  /** Inside the transaction of the end. */
  tell(ending: Ending): void;

  /** Whom to tell of all work of a client. A secret is made when none is given. Errors: CLIENT_NOT_FOUND, WEBHOOK_NOT_ALLOWED. */
  setForClient(clientId: string, url: string, secret: string | undefined): Promise<ClientWebhook>;
  /** That there is none is no error. */
  clearForClient(clientId: string): Promise<void>;
  /** Newest first; those of one client unless it is undefined. Errors: VALIDATION_FAILED for the cursor. */
  list(query: WebhookDeliveryQuery, clientId: string | undefined): WebhookDeliveryList;
  /** Tried at once, under its old id. Errors: WEBHOOK_NOT_FOUND. */
  resend(messageId: string, clientId: string | undefined): Promise<WebhookDelivery>;

  /** Calls back when deliveries came or changed. */
  onChange(listener: () => void): () => void;
  start(): void;
  close(): Promise<void>;
}

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { db, clock } = deps;
  const logger = deps.logger.child({ part: 'webhooks' });
  const repository = createWebhookRepository(db);
  const secrets = createSealedSecrets(deps.secrets);
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const dispatcher = createDispatcher({
    db,
    repository,
    secrets,
    clock,
    logger,
    version: deps.version,
    policy: { ...DEFAULT_DELIVERY_POLICY, ...deps.policy },
    resolve: deps.resolve ?? resolveName,
    random: deps.random ?? Math.random,
    allowed: deps.allowed,
    changed,
  });
  let stirring: NodeJS.Immediate | undefined;

  /** After COMMIT: transactions are synchronous, so the next turn of the loop comes after it. */
  const stir = (): void => {
    stirring ??= setImmediate(() => {
      stirring = undefined;
      changed();
      dispatcher.wake();
    });
  };

  const assertAllowed = (text: string): void => {
    const url = new URL(text);
    const permit = permitFor(url, deps.allowed());
    const refusal =
      permit === undefined
        ? 'is not on the list of addresses that the owner of this host allows'
        : refuseNumber(url, permit);
    if (refusal === undefined) return;
    throw new InfluxionError('WEBHOOK_NOT_ALLOWED', `Webhooks may not go there: ${url.host} ${refusal}.`, {
      hint: `The owner allows it by "influxion webhook allow ${url.host}", or in the settings of the studio.`,
      errors: [{ path: 'webhook_url', message: `${url.host} ${refusal}` }],
    });
  };

  const secretFor = async ({ url, secret }: AskedWebhook, clientId: string): Promise<string> => {
    if (secret != null) return secret;
    const ofClient = repository.targetOfClient(clientId);
    if (ofClient !== undefined) return secrets.open(ofClient.secret, ofClient.url);
    throw fault('webhook_secret', `A webhook is signed: "${hostOf(url)}" needs a webhook_secret`);
  };

  const tell = ({ type, clientId, subject, target, data }: Ending): void => {
    const to = target ?? repository.targetOfClient(clientId);
    if (to === undefined) return;
    const now = clock.now();
    const body = JSON.stringify({ type, timestamp: iso(now), data: data() });
    const jobId = 'jobId' in subject ? subject.jobId : null;
    const batchId = 'batchId' in subject ? subject.batchId : null;
    repository.add({ messageId: newMessageId(), type, clientId, jobId, batchId, target: to, body }, now);
    stir();
  };

  return {
    async admit(asked, clientId) {
      const { url, secret } = asked;
      if (url == null) {
        if (secret != null) throw fault('webhook_secret', 'A webhook_secret needs a webhook_url');
        return undefined;
      }
      assertAllowed(url);
      return { url, secret: await secrets.seal(await secretFor(asked, clientId), url) };
    },

    keepForJob: (jobId, target) => repository.setForJob(jobId, target),

    jobEnded(jobId, clientId, job) {
      const target = repository.targetOfJob(jobId) ?? repository.targetOfClient(clientId);
      if (target === undefined) return;
      const ended = job();
      const type = ended.status === 'Done' ? 'job.done' : 'job.failed';
      tell({ type, clientId, subject: { jobId }, target, data: () => briefly(ended) });
    },

    tell,

    async setForClient(clientId, url, secret = newWebhookSecret()) {
      assertAllowed(url);
      const sealed = await secrets.seal(secret, url);
      if (!(await db.write(() => repository.setForClient(clientId, { url, secret: sealed })))) {
        throw new InfluxionError('CLIENT_NOT_FOUND', 'There is no API client of that id.');
      }
      return { url, secret };
    },
    clearForClient: (clientId) => db.write(() => repository.clearForClient(clientId)),

    list(query, clientId) {
      const { rows, nextCursor } = repository.page(query, clientId);
      return { deliveries: rows.map(toDelivery), next_cursor: nextCursor };
    },
    async resend(messageId, clientId) {
      const row = await db.write(() => repository.resend(messageId, clientId, clock.now()));
      if (row === undefined) {
        throw new InfluxionError('WEBHOOK_NOT_FOUND', 'There is no webhook delivery of that id.');
      }
      stir();
      return toDelivery(row);
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => dispatcher.start(),
    async close() {
      clearImmediate(stirring);
      await dispatcher.close();
    },
  };
}

/** Errors: VALIDATION_FAILED when an entry can name no address. */
export function assertAllowList(allowed: readonly string[]): void {
  const faulty = findUnusableEntry(allowed);
  if (faulty === undefined) return;
  throw fault(
    'allowed',
    `"${faulty}" names no address: write a host such as hooks.example.com, host:port, *.example.com or https://host/path/`,
  );
}

function fault(path: string, message: string): InfluxionError {
  return new InfluxionError('VALIDATION_FAILED', `${message}.`, { errors: [{ path, message }] });
}

const hostOf = (url: string | null | undefined): string => (url == null ? '' : new URL(url).host);

const MOST_WARNINGS = 50;

/** Without what only a person reads: bodies of webhooks are small. `GET /pdf/{id}` has all of it. */
function briefly(job: Job): Job {
  const { error_detail: detail } = job;
  return {
    ...job,
    warnings: job.warnings.slice(0, MOST_WARNINGS),
    error_detail:
      detail === null ? null : { ...detail, violations: detail.violations?.slice(0, MOST_WARNINGS) },
  };
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.message_id,
    type: row.type,
    state: row.state,
    client_id: row.client_id,
    job_id: row.job_id,
    batch_id: row.batch_id,
    url: row.url,
    created_at: iso(row.created_at),
    attempts: row.attempts,
    next_attempt_at: row.state === 'waiting' ? iso(row.next_at) : null,
    ended_at: row.ended_at === null ? null : iso(row.ended_at),
    last_status: row.last_status,
    last_error: row.last_error,
  };
}

const iso = (time: number): string => new Date(time).toISOString();
