import {
  ClientList,
  CreateClientRequest,
  CreatedClient,
  TokenError,
  TokenReply,
  TokenRequest,
} from '../../../contract/access.ts';
import { json, type OperationDoc } from './operation.ts';

const CLIENT = {
  client_id: '0f6b1d9e-3a4c-4b53-9c1a-2f0f5f5f6c11',
  name: 'billing',
  scopes: ['pdf', 'templates.read'],
  created_at: '2026-01-01T12:00:00.000Z',
  last_used_at: null,
  webhook_url: null,
};

export const TOKEN_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'post',
    path: '/token',
    id: 'issueToken',
    tag: 'Access',
    summary: 'Get an access token',
    description:
      'As JSON, or as a form with `grant_type=client_credentials` and the credentials in the body or as HTTP Basic (RFC 6749 §4.4). Without `scope`, or with any `…/.default`, the token allows all that the client may do.',
    bodies: [
      {
        type: 'application/json',
        schema: TokenRequest,
        example: {
          client_id: CLIENT.client_id,
          client_secret: 'the secret that was shown once',
          scope: 'api://d88ae758-e67d-492d-bcc6-63f560ee1f04/.default',
        },
      },
      { type: 'application/x-www-form-urlencoded', schema: TokenRequest },
    ],
    replies: [
      {
        status: 200,
        description: 'The token',
        bodies: json(TokenReply, {
          access_token: 'eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.…',
          token_type: 'bearer',
          expires_in: 3600,
          scope: 'pdf templates.read templates.write',
        }),
      },
      ...(
        [
          [400, 'The request is malformed, or asks for a scope the client does not have'],
          [401, 'The credentials are wrong'],
          [413, 'The body is too large'],
          [415, 'Neither JSON nor a form'],
          [429, 'Too many attempts; see Retry-After'],
        ] as const
      ).map(([status, description]) => ({
        status,
        description,
        bodies: json(TokenError, { error: 'invalid_client', error_description: description }),
      })),
    ],
  },
];

export const CLIENT_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'get',
    path: '/clients',
    id: 'listClients',
    tag: 'Access',
    summary: 'List the API clients',
    scope: 'admin',
    replies: [{ status: 200, description: 'All of them', bodies: json(ClientList, { clients: [CLIENT] }) }],
  },
  {
    method: 'post',
    path: '/clients',
    id: 'createClient',
    tag: 'Access',
    summary: 'Add an API client',
    description: 'The secret is told here and never again.',
    scope: 'admin',
    bodies: json(CreateClientRequest, { name: 'billing', scopes: ['pdf', 'templates.read'] }),
    replies: [
      {
        status: 201,
        description: 'Added',
        headers: { Location: 'Where it is' },
        bodies: json(CreatedClient, { ...CLIENT, client_secret: 'keep this' }),
      },
    ],
    problems: ['BAD_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'],
  },
  {
    method: 'delete',
    path: '/clients/:id',
    id: 'removeClient',
    tag: 'Access',
    summary: 'Remove an API client; its tokens stop working at once',
    scope: 'admin',
    replies: [{ status: 204, description: 'Removed' }],
    problems: ['CLIENT_NOT_FOUND'],
  },
];
