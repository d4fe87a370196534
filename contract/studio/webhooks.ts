/** Webhooks, for the owner of the host. Where they may go is in the settings. */
import { z } from 'zod';
import {
  ClientWebhook,
  SetClientWebhookRequest,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookDeliveryQuery,
} from '../webhook.ts';
import { route } from './route.ts';

export const webhookRoutes = {
  /** Newest first, of all clients. */
  'webhooks.deliveries': route(WebhookDeliveryQuery, WebhookDeliveryList),
  /** Tried again at once, with its old id; also one that was delivered. */
  'webhooks.resend': route(z.strictObject({ id: z.string() }), WebhookDelivery),
  'clients.set_webhook': route(SetClientWebhookRequest.extend({ client_id: z.string() }), ClientWebhook),
  'clients.clear_webhook': route(z.strictObject({ client_id: z.string() }), z.object({})),
};
