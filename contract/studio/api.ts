/** The HTTP API as its owner opens and watches it. */
import { z } from 'zod';
import { ApiClient, CreatedClient, CreateClientRequest } from '../access.ts';
import { Nothing, route } from './route.ts';

export const ApiState = z.object({
  /** What is open now. */
  mode: z.enum(['off', 'computer', 'lan']),
  /** E.g. `http://127.0.0.1:8787`; of the LAN `https://192.168.1.20:8788`. Empty while off. */
  urls: z.array(z.string()),
  /** SHA-256 of the certificate, `AB:CD:…`; null without TLS. */
  fingerprint: z.string().nullable(),
  /** Why what was asked for is not open, in words. */
  problem: z.string().nullable(),
});
export type ApiState = z.infer<typeof ApiState>;

/** A request to the API as it came. */
export const SeenRequest = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  method: z.string(),
  path: z.string(),
  status: z.int(),
  ms: z.number(),
  client_id: z.string().nullable(),
  remote: z.string(),
});
export type SeenRequest = z.infer<typeof SeenRequest>;

export const apiRoutes = {
  'api.state': route(Nothing, ApiState),
  'api.requests': route(Nothing, z.object({ requests: z.array(SeenRequest) })),
  'clients.list': route(Nothing, z.object({ clients: z.array(ApiClient) })),
  'clients.add': route(CreateClientRequest, CreatedClient),
  'clients.remove': route(z.strictObject({ client_id: z.string() }), z.object({})),
};
