/** What the OpenAPI document says of webhooks. */
import {
  ClientWebhook,
  SetClientWebhookRequest,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookDeliveryQuery,
} from '../../../contract/webhook.ts';
import { json, type OperationDoc } from './operation.ts';

const DELIVERY = {
  id: 'msg_Vd1S9s0cZl4mYkqk0cTzVQm1',
  type: 'job.done',
  state: 'waiting',
  client_id: '6f0d2f0e-6f4e-4a2c-9b59-0d8f6f3f5a11',
  job_id: 1,
  batch_id: null,
  url: 'https://hooks.example.com/pdf',
  created_at: '2026-01-01T12:00:00.000Z',
  attempts: 1,
  next_attempt_at: '2026-01-01T12:00:05.000Z',
  ended_at: null,
  last_status: 503,
  last_error: 'hooks.example.com answers with status 503.',
};
const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

export const WEBHOOK_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'get',
    path: '/webhooks/deliveries',
    id: 'listWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'List what was told and whether it arrived',
    description:
      'Newest first; with the scope `admin` that of all clients. A message is `{type, timestamp, data}` as JSON, `data` being the job as `GET /pdf/{id}` shows it; `webhook-id`, `webhook-timestamp` and `webhook-signature` follow Standard Webhooks (HMAC-SHA256). It is tried for about a day.',
    scope: 'pdf',
    query: WebhookDeliveryQuery,
    replies: [
      {
        status: 200,
        description: 'A page of them',
        bodies: json(WebhookDeliveryList, { deliveries: [DELIVERY], next_cursor: null }),
      },
    ],
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'post',
    path: '/webhooks/deliveries/:id/resend',
    id: 'resendWebhook',
    tag: 'Webhooks',
    summary: 'Send one again, under its old id',
    scope: 'pdf',
    replies: [{ status: 202, description: 'Will be sent', bodies: json(WebhookDelivery, DELIVERY) }],
    problems: ['WEBHOOK_NOT_FOUND'],
  },
  {
    method: 'put',
    path: '/clients/:id/webhook',
    id: 'setClientWebhook',
    tag: 'Webhooks',
    summary: 'Tell a client of all its work that ends',
    description: 'The reply is the only time that the secret is told.',
    scope: 'admin',
    bodies: json(SetClientWebhookRequest, { url: 'https://hooks.example.com/pdf' }),
    replies: [
      {
        status: 200,
        description: 'Set',
        bodies: json(ClientWebhook, { url: 'https://hooks.example.com/pdf', secret: SECRET }),
      },
    ],
    problems: [
      'BAD_JSON',
      'BODY_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'CLIENT_NOT_FOUND',
      'WEBHOOK_NOT_ALLOWED',
      'DATA_FOLDER_UNUSABLE',
      'DISK_FULL',
    ],
  },
  {
    method: 'delete',
    path: '/clients/:id/webhook',
    id: 'clearClientWebhook',
    tag: 'Webhooks',
    summary: 'Tell a client no more; that there was nothing set is no failure',
    scope: 'admin',
    replies: [{ status: 204, description: 'Cleared' }],
  },
];
