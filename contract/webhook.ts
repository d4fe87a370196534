/** Webhooks: what a program is told when its work has ended, after https://www.standardwebhooks.com (version 1.0.0). */
import { z } from 'zod';
import { Job } from './job.ts';
import { AllowedAddressList, WebhookSecret, WebhookUrl } from './webhook-target.ts';

export const WEBHOOK_TYPES = ['job.done', 'job.failed', 'batch.ended'] as const;
export const WebhookType = z.enum(WEBHOOK_TYPES);
export type WebhookType = z.infer<typeof WebhookType>;

/** What a job's webhook receives as its body; `webhook-id`, `webhook-timestamp` and `webhook-signature` go before it. */
export const JobWebhook = z
  .object({
    type: z.enum(['job.done', 'job.failed']),
    timestamp: z.iso.datetime().describe('When the job ended'),
    data: Job,
  })
  .meta({ id: 'JobWebhook' });

export const WEBHOOK_STATES = ['waiting', 'delivered', 'failed'] as const;
export const WebhookState = z.enum(WEBHOOK_STATES);
export type WebhookState = z.infer<typeof WebhookState>;

/** One message to one address, however often it is tried. */
export const WebhookDelivery = z
  .object({
    id: z.string().describe('The `webhook-id`: the same in each attempt and when it is sent again'),
    type: WebhookType,
    state: WebhookState,
    client_id: z.string().describe('Whose job it was'),
    job_id: z.int().nullable(),
    batch_id: z.int().nullable(),
    url: z.string(),
    created_at: z.iso.datetime(),
    attempts: z.int(),
    next_attempt_at: z.iso.datetime().nullable().describe('While it waits'),
    ended_at: z.iso.datetime().nullable(),
    last_status: z.int().nullable().describe('HTTP status of the last answer'),
    last_error: z.string().nullable().describe('Why the last attempt failed, one sentence'),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookDeliveryQuery = z.strictObject({
  state: WebhookState.optional(),
  job_id: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional(),
});
export type WebhookDeliveryQuery = z.infer<typeof WebhookDeliveryQuery>;

/** Newest first. */
export const WebhookDeliveryList = z
  .object({ deliveries: z.array(WebhookDelivery), next_cursor: z.string().nullable() })
  .meta({ id: 'WebhookDeliveryList' });
export type WebhookDeliveryList = z.infer<typeof WebhookDeliveryList>;

export const SetClientWebhookRequest = z
  .strictObject({
    url: WebhookUrl,
    secret: WebhookSecret.optional().describe('Default: a new one'),
  })
  .meta({ id: 'SetClientWebhookRequest' });
export type SetClientWebhookRequest = z.infer<typeof SetClientWebhookRequest>;

/** The only time that the secret is told. */
export const ClientWebhook = z.object({ url: z.string(), secret: z.string() }).meta({ id: 'ClientWebhook' });
export type ClientWebhook = z.infer<typeof ClientWebhook>;

/** Where webhooks may go; see `Settings.webhooks`. */
export const AllowedAddresses = z.strictObject({ allowed: AllowedAddressList });
export type AllowedAddresses = z.infer<typeof AllowedAddresses>;
