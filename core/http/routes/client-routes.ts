/** API clients, for clients with the scope `admin`. */
import type { FastifyInstance } from 'fastify';
import { CreateClientRequest } from '../../../contract/access.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';
import { validate } from '../../validation.ts';

export function registerClientRoutes(app: FastifyInstance, { access, requireScope }: RouteContext): void {
  const onRequest = requireScope('admin');

  app.get('/clients', { onRequest }, (_request, reply) =>
    sendJson(reply, 200, { clients: access.listClients() }),
  );

  app.post('/clients', { onRequest }, async (request, reply) => {
    const { name, scopes } = validate(CreateClientRequest, request.body, 'body');
    const client = await access.createClient({ name, ...(scopes && { scopes }) });
    return sendJson(reply.header('location', `/clients/${client.client_id}`), 201, client);
  });

  app.delete<{ Params: { id: string } }>('/clients/:id', { onRequest }, async (request, reply) => {
    access.removeClient(request.params.id);
    return reply.code(204).send();
  });
}
