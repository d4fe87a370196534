/** Webhooks: what was told and whether it arrived, for every program its own; whom to tell, for clients with the scope `admin`. */
import type { FastifyInstance } from 'fastify';
import {
  AllowedAddresses,
  SetClientWebhookRequest,
  WebhookDeliveryQuery,
} from '../../../contract/webhook.ts';
import type { Caller } from '../../jobs/job-service.ts';
import { validate } from '../../validation.ts';
import { assertOwner, callerOf } from '../bearer.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

interface ById {
  Params: { id: string };
}

const clientOf = ({ admin, clientId }: Caller): string | undefined => (admin ? undefined : clientId);

export function registerWebhookRoutes(
  app: FastifyInstance,
  { webhooks, allowedAddresses, requireScope }: RouteContext,
): void {
  const mayRead = { onRequest: requireScope('pdf') };
  const mayManage = { onRequest: requireScope('admin') };

  app.get('/webhooks/deliveries', mayRead, (request, reply) => {
    const query = validate(WebhookDeliveryQuery, request.query, 'query');
    return sendJson(reply, 200, webhooks.list(query, clientOf(callerOf(request))));
  });

  app.post<ById>('/webhooks/deliveries/:id/resend', mayRead, async (request, reply) => {
    const delivery = await webhooks.resend(request.params.id, clientOf(callerOf(request)));
    return sendJson(reply, 202, delivery);
  });

  app.put<ById>('/clients/:id/webhook', mayManage, async (request, reply) => {
    const { url, secret } = validate(SetClientWebhookRequest, request.body, 'body');
    return sendJson(reply, 200, await webhooks.setForClient(request.params.id, url, secret));
  });

  app.delete<ById>('/clients/:id/webhook', mayManage, async (request, reply) => {
    await webhooks.clearForClient(request.params.id);
    return reply.code(204).send();
  });

  // For the commands of the person whose host this is: a program must not widen what it may reach.
  app.get('/webhooks/allowed', mayManage, (request, reply) => {
    assertOwner(request);
    return sendJson(reply, 200, { allowed: allowedAddresses.current });
  });

  app.put('/webhooks/allowed', mayManage, async (request, reply) => {
    assertOwner(request);
    const { allowed } = validate(AllowedAddresses, request.body, 'body');
    await allowedAddresses.set(allowed);
    return sendJson(reply, 200, { allowed: allowedAddresses.current });
  });
}
