/** The webhook that a request asks for is kept apart from it: its secret must not lie with the payload. */
import { createHash } from 'node:crypto';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { WebhookTarget } from '../store/webhook-repository.ts';

/** What the queue needs of core/webhooks/webhooks.ts, which says more. */
export interface JobWebhooks {
  admit(asked: AskedWebhook, clientId: string): Promise<WebhookTarget | undefined>;
  keepForJob(jobId: number, target: WebhookTarget): void;
  jobEnded(jobId: number, clientId: string, job: () => Job): void;
}

/** As a request writes it; null asks for nothing. */
export interface AskedWebhook {
  readonly url: string | null | undefined;
  readonly secret: string | null | undefined;
}

export interface SubmittedRequest {
  /** Without its webhook. */
  readonly request: GenerateRequest;
  /** The same as JSON. */
  readonly json: Buffer;
  /** Undefined when it asks for none. */
  readonly asked: AskedWebhook | undefined;
}

/** `source`: the request as JSON, where it came as such. */
export function splitWebhook(request: GenerateRequest, source: Buffer | undefined): SubmittedRequest {
  const { webhook_url: url, webhook_secret: secret, ...rest } = request;
  if (url == null && secret == null) {
    return { request, json: source ?? Buffer.from(JSON.stringify(request)), asked: undefined };
  }
  return { request: rest, json: Buffer.from(JSON.stringify(rest)), asked: { url, secret } };
}

/** Of all but the secret, which a digest of what else is known would let others try to guess. */
export function fingerprintOf({ json, asked }: SubmittedRequest): string {
  const digest = createHash('sha256').update(json);
  if (asked?.url != null) digest.update(`\n${asked.url}`);
  return digest.digest('hex');
}

export const webhooksUnavailable = (): InfluxionError =>
  new InfluxionError('FEATURE_UNAVAILABLE', 'Nobody can be told of jobs here, so nothing was started.', {
    hint: 'Leave webhook_url and webhook_secret out.',
  });
