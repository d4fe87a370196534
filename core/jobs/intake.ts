/** What is asked before a job is taken, and the taking: bounds, webhook, template, `Idempotency-Key`; then it is on the disk. */
import type { GenerateRequest } from '../../contract/job.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import { describeStorageError } from '../store/storage-error.ts';
import type { WebhookTarget } from '../store/webhook-repository.ts';
import type { Admission } from './admission.ts';
import { createIdempotentSubmit, type KeyedRequest } from './idempotent-submit.ts';
import { enterJobs, type JobEntryDeps } from './job-entry.ts';
import { shuttingDown } from './job-errors.ts';
import type { Caller, JobService } from './job-service.ts';
import type { LiveTotals } from './job-totals.ts';
import {
  fingerprintOf,
  splitWebhook,
  webhooksUnavailable,
  type JobWebhooks,
  type SubmittedRequest,
} from './job-webhook.ts';

/** What is found out about a request before it is accepted. */
export interface AdmittedFacts {
  readonly templateId: string | null;
  /** The standards that the document shall meet, as the job shows them; null for none. */
  readonly pdfStandard: string | null;
}

export interface IntakeDeps extends JobEntryDeps {
  readonly keys: IdempotencyKeys;
  readonly totals: Pick<LiveTotals, 'count'>;
  readonly admission: Admission;
  /** Absent: nothing is found out, and nothing is refused. */
  readonly admit?: (request: GenerateRequest) => AdmittedFacts | Promise<AdmittedFacts>;
  /** Absent: a request for one is refused. */
  readonly webhooks?: JobWebhooks;
  /** Milliseconds that a number of waiting jobs takes to become a tenth shorter; undefined while nobody knows. */
  readonly drainMs: (queued: number) => number | undefined;
  readonly isStopping: () => boolean;
}

export interface Intake {
  submit: JobService['submit'];
  /** Whether a job that is kept may wait once more. Errors: QUEUE_FULL, DISK_FULL, DATA_FOLDER_UNUSABLE, SHUTTING_DOWN. */
  checkAgain(): Promise<void>;
}

interface KeptFacts extends AdmittedFacts {
  readonly webhook: WebhookTarget | undefined;
}

export function createIntake(deps: IntakeDeps): Intake {
  const { admission, keys, totals } = deps;
  const idempotent = createIdempotentSubmit((clientId, key) => keys.find(clientId, key));
  let arriving = 0;

  async function accept(
    submitted: SubmittedRequest,
    caller: Caller,
    key: KeyedRequest | undefined,
  ): Promise<number> {
    arriving += 1;
    try {
      const { request, json } = submitted;
      await check(arriving - 1, json.length);
      const webhook = await admitWebhook(submitted, caller);
      const facts = (await deps.admit?.(request)) ?? {
        templateId: null,
        pdfStandard: standardName(request.pdf_standard),
      };
      if (deps.isStopping()) throw shuttingDown();
      return await keep(submitted, { ...facts, webhook }, caller, key);
    } finally {
      arriving -= 1;
    }
  }

  function check(onTheWay: number, payloadBytes: number): Promise<void> {
    const queued = totals.count('Received') + onTheWay;
    return admission.check(queued, payloadBytes, deps.drainMs(queued));
  }

  /** Undefined when it asks for none. */
  async function admitWebhook(
    { asked }: SubmittedRequest,
    caller: Caller,
  ): Promise<WebhookTarget | undefined> {
    if (asked === undefined) return undefined;
    if (deps.webhooks === undefined) throw webhooksUnavailable();
    return deps.webhooks.admit(asked, caller.clientId);
  }

  async function keep(
    { request, json }: SubmittedRequest,
    { templateId, pdfStandard, webhook }: KeptFacts,
    { clientId }: Caller,
    key: KeyedRequest | undefined,
  ): Promise<number> {
    const job = {
      clientId,
      priority: request.priority ?? 0,
      documentId: request.document_id ?? null,
      templateId,
      pdfStandard,
      keyed: key !== undefined,
      request,
      json,
    };
    try {
      const [id] = await enterJobs(
        [job],
        ([id], now) => {
          if (key !== undefined) {
            keys.insert(clientId, key.key, { fingerprint: key.fingerprint, jobId: id }, now);
          }
          if (webhook !== undefined) deps.webhooks?.keepForJob(id, webhook);
        },
        deps,
      );
      return id;
    } catch (error) {
      throw describeStorageError(error);
    }
  }

  return {
    async submit(request, { caller, idempotencyKey, source }) {
      if (deps.isStopping()) throw shuttingDown();
      const submitted = splitWebhook(request, source);
      if (idempotencyKey === undefined) {
        return { id: await accept(submitted, caller, undefined), replayed: false };
      }
      const keyed = { clientId: caller.clientId, key: idempotencyKey, fingerprint: fingerprintOf(submitted) };
      return idempotent.once(keyed, () => accept(submitted, caller, keyed));
    },

    async checkAgain() {
      if (deps.isStopping()) throw shuttingDown();
      await check(arriving, 0);
    },
  };
}

function standardName(standard: GenerateRequest['pdf_standard']): string | null {
  if (standard == null) return null;
  return (typeof standard === 'string' ? [standard] : standard).join(', ').toLowerCase();
}
