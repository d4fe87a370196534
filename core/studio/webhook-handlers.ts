import type { Webhooks } from '../webhooks/webhooks.ts';
import type { StudioHandlers } from './router.ts';

type WebhookHandlers = Pick<
  StudioHandlers,
  'webhooks.deliveries' | 'webhooks.resend' | 'clients.set_webhook' | 'clients.clear_webhook'
>;

/** Webhooks of all clients, for the owner of the host. */
export function createWebhookHandlers(webhooks: Webhooks): WebhookHandlers {
  return {
    'webhooks.deliveries': (query) => webhooks.list(query, undefined),
    'webhooks.resend': ({ id }) => webhooks.resend(id, undefined),
    'clients.set_webhook': ({ client_id, url, secret }) => webhooks.setForClient(client_id, url, secret),
    'clients.clear_webhook': async ({ client_id }) => {
      await webhooks.clearForClient(client_id);
      return {};
    },
  };
}
