import { z } from 'zod';

/** What an API client may be allowed. `admin` also sees the jobs of other clients and manages clients. */
export const SCOPES = ['pdf', 'templates.read', 'templates.write', 'admin'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** The reply of `POST /token`: RFC 6749 §5.1, with `token_type` as the published page prints it. */
export const TokenReply = z
  .object({
    access_token: z.string(),
    token_type: z.literal('bearer'),
    expires_in: z.int().describe('Seconds'),
    scope: z.string().describe('Granted scopes, separated by spaces'),
  })
  .meta({ id: 'TokenReply' });
export type TokenReply = z.infer<typeof TokenReply>;

/** The body of `POST /token` as JSON; a form with the same names is taken too (RFC 6749 §4.4.2). */
export const TokenRequest = z
  .object({
    client_id: z.string().min(1).max(200),
    client_secret: z.string().min(1).max(500),
    scope: z.string().max(2000).nullish().describe('Absent, or any `…/.default`: all that the client may do'),
    grant_type: z.literal('client_credentials').optional(),
  })
  .meta({ id: 'TokenRequest' });

/** An error of `POST /token`: RFC 6749 §5.2. */
export const TokenError = z
  .object({
    error: z.enum([
      'invalid_request',
      'invalid_client',
      'unsupported_grant_type',
      'invalid_scope',
      'temporarily_unavailable',
    ]),
    error_description: z.string(),
  })
  .meta({ id: 'TokenError' });
export type TokenError = z.infer<typeof TokenError>;

export const ApiClient = z
  .object({
    client_id: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable(),
    webhook_url: z.string().nullable().describe('Told when work of the client has ended'),
  })
  .meta({ id: 'ApiClient' });
export type ApiClient = z.infer<typeof ApiClient>;

export const CreateClientRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(Scope).min(1).optional().describe('Default: all but admin'),
  })
  .meta({ id: 'CreateClientRequest' });

/** The only time that the secret is told. */
export const CreatedClient = ApiClient.extend({ client_secret: z.string() }).meta({ id: 'CreatedClient' });
export type CreatedClient = z.infer<typeof CreatedClient>;

export const ClientList = z.object({ clients: z.array(ApiClient) }).meta({ id: 'ClientList' });
