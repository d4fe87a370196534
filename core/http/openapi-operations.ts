/** What the OpenAPI document says of each route; a test holds it against the routes that are really there. */
import {
  ClientList,
  CreateClientRequest,
  CreatedClient,
  TokenError,
  TokenReply,
  TokenRequest,
} from '../../contract/access.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { Health } from '../../contract/health.ts';
import { GenerateRequest, Job, JobAccepted, JobChanged, JobList, JobListQuery } from '../../contract/job.ts';
import { TemplateDetail, TemplateImportQuery, TemplateList } from '../../contract/template.ts';
import { BATCH_OPERATIONS } from './openapi-batches.ts';
import { KEY_OPERATIONS } from './openapi-keys.ts';
import { VERIFY_OPERATIONS } from './openapi-verify.ts';
import { WEBHOOK_OPERATIONS } from './openapi-webhooks.ts';
import { json, type BodyDoc, type OperationDoc } from './openapi-operation.ts';

const PDF: readonly BodyDoc[] = [{ type: 'application/pdf' }];
const ZIP: readonly BodyDoc[] = [{ type: 'application/zip' }];

const RECEIVED_JOB = {
  id: 1,
  status: 'Received',
  created_at: '2026-01-01T12:00:00.000Z',
  started_at: null,
  completed_at: null,
  size: null,
  error: null,
  document_id: 'my-doc-123',
  template_id: null,
  pdf_standard: null,
  priority: 0,
  pages: null,
  sha256: null,
  attempt: 0,
  progress: null,
  timings_ms: {},
  warnings: [],
  signature: null,
  ran_on: null,
  signed_on: null,
  error_detail: null,
};

const GENERATE_BODY = json(GenerateRequest, {
  data: { name: 'Ada' },
  document_id: 'my-doc-123',
  html_template: { id: null, filename: null, content: '<html><body>Hello {{name}}</body></html>' },
  css_template: { id: null, filename: null, content: 'body { font-family: Arial; }' },
});

const CLIENT = {
  client_id: '0f6b1d9e-3a4c-4b53-9c1a-2f0f5f5f6c11',
  name: 'billing',
  scopes: ['pdf', 'templates.read'],
  created_at: '2026-01-01T12:00:00.000Z',
  last_used_at: null,
  webhook_url: null,
};

const TEMPLATE = {
  id: 'invoice',
  name: 'Invoice',
  description: 'An invoice with line items',
  samples: ['default'],
  updated_at: '2026-01-01T12:00:00.000Z',
  problem: null,
};

const IDEMPOTENCY = {
  'Idempotency-Key':
    'A text of your choice. The same key with the same request answers with the same job, also after a restart.',
};
const PREFER_GENERATE = {
  Prefer:
    '`wait=N` keeps the request until the job ended, at most N (60) seconds; `respond-async` does not wait.',
};
const LOCATION = { Location: 'Where the job is' };
const APPLIED = { 'Preference-Applied': 'What was done about `Prefer` (RFC 7240)' };
const VALIDATORS = {
  ETag: 'The SHA-256 of the document, strong',
  'Content-Disposition': 'The file name, from `document_id`',
};

const SUBMIT_PROBLEMS: readonly ErrorCode[] = [
  'BAD_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_FAILED',
  'TEMPLATE_NOT_FOUND',
  'IDEMPOTENCY_IN_PROGRESS',
  'QUEUE_FULL',
  'DISK_FULL',
  'SHUTTING_DOWN',
  'API_OFF',
];

export const OPERATIONS: readonly OperationDoc[] = [
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
  {
    method: 'post',
    path: '/pdf/generate',
    id: 'generate',
    tag: 'Documents',
    summary: 'Create a job',
    description: 'Answered only after the job is on disk: what was accepted is done, also after a crash.',
    scope: 'pdf',
    headers: { ...IDEMPOTENCY, ...PREFER_GENERATE },
    bodies: GENERATE_BODY,
    replies: [
      {
        status: 202,
        description: 'The job was accepted',
        headers: { ...LOCATION, ...APPLIED },
        bodies: json(JobAccepted, { job_id: 1 }),
      },
    ],
    problems: SUBMIT_PROBLEMS,
  },
  {
    method: 'post',
    path: '/pdf',
    id: 'render',
    tag: 'Documents',
    summary: 'Create a job and wait for its document',
    description:
      'The same request through the same queue. A failed job answers with its problem, whose `error_detail` says where and why.',
    scope: 'pdf',
    headers: { ...IDEMPOTENCY, ...PREFER_GENERATE },
    bodies: GENERATE_BODY,
    replies: [
      { status: 200, description: 'The document', headers: { ...LOCATION, ...VALIDATORS }, bodies: PDF },
      {
        status: 202,
        description: 'Not ready in time; the job goes on',
        headers: { ...LOCATION, ...APPLIED },
        bodies: json(JobAccepted, { job_id: 1 }),
      },
    ],
    problems: [...SUBMIT_PROBLEMS, 'OUTPUT_MISSING', 'ENGINE_CRASHED'],
  },
  {
    method: 'get',
    path: '/pdf',
    id: 'listJobs',
    tag: 'Documents',
    summary: 'List jobs, newest first',
    scope: 'pdf',
    query: JobListQuery,
    replies: [
      {
        status: 200,
        description: 'One page',
        bodies: json(JobList, { jobs: [RECEIVED_JOB], next_cursor: null }),
      },
    ],
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'get',
    path: '/pdf/:id',
    id: 'getJob',
    tag: 'Documents',
    summary: 'Check job status',
    scope: 'pdf',
    headers: { Prefer: '`wait=N` waits for the end of the job, at most N (60) seconds.' },
    replies: [{ status: 200, description: 'The job', headers: APPLIED, bodies: json(Job, RECEIVED_JOB) }],
    problems: ['JOB_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/pdf/:id/download',
    id: 'download',
    tag: 'Documents',
    summary: 'Download PDF',
    scope: 'pdf',
    headers: {
      Range: 'One byte range',
      'If-Range': 'The ETag of what is there already',
      'If-Match': 'Only this version',
      'If-None-Match': 'Only another version',
      'If-Modified-Since': 'Only a newer one',
    },
    replies: [
      { status: 200, description: 'The document', headers: VALIDATORS, bodies: PDF },
      {
        status: 206,
        description: 'The range',
        headers: { ...VALIDATORS, 'Content-Range': 'Which bytes of how many' },
        bodies: PDF,
      },
      { status: 304, description: 'The version that the client has' },
    ],
    problems: [
      'JOB_NOT_FOUND',
      'JOB_NOT_READY',
      'OUTPUT_MISSING',
      'PRECONDITION_FAILED',
      'RANGE_NOT_SATISFIABLE',
    ],
  },
  {
    method: 'delete',
    path: '/pdf/:id',
    id: 'deleteJob',
    tag: 'Documents',
    summary: 'Cancel or delete a job',
    scope: 'pdf',
    replies: [
      { status: 200, description: 'It was cancelled and ends as Error', bodies: json(Job, RECEIVED_JOB) },
      { status: 204, description: 'It had ended; it and its document were deleted' },
    ],
    problems: ['JOB_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/pdf/:id/retry',
    id: 'retryJob',
    tag: 'Documents',
    summary: 'Try a failed job again',
    scope: 'pdf',
    replies: [
      { status: 202, description: 'It waits again', headers: LOCATION, bodies: json(Job, RECEIVED_JOB) },
    ],
    problems: ['JOB_NOT_FOUND', 'JOB_STATE'],
  },
  {
    method: 'get',
    path: '/events',
    id: 'events',
    tag: 'Documents',
    summary: 'Follow jobs as server-sent events',
    description:
      'Events `job.changed`, whose `data` is a JobChanged. `Last-Event-ID` resumes after that event. Comments keep the connection alive.',
    scope: 'pdf',
    headers: { 'Last-Event-ID': 'The last event that was received' },
    replies: [
      { status: 200, description: 'The stream', bodies: [{ type: 'text/event-stream', schema: JobChanged }] },
    ],
    problems: ['BAD_REQUEST', 'RATE_LIMITED'],
  },
  {
    method: 'get',
    path: '/templates',
    id: 'listTemplates',
    tag: 'Templates',
    summary: 'List the templates',
    scope: 'templates.read',
    replies: [
      { status: 200, description: 'All of them', bodies: json(TemplateList, { templates: [TEMPLATE] }) },
    ],
  },
  {
    method: 'post',
    path: '/templates',
    id: 'importTemplate',
    tag: 'Templates',
    summary: 'Add a template from a zip of its folder',
    scope: 'templates.write',
    query: TemplateImportQuery,
    bodies: ZIP,
    replies: [
      {
        status: 201,
        description: 'Added',
        headers: { Location: 'Where it is' },
        bodies: json(TemplateDetail),
      },
    ],
    problems: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'TEMPLATE_EXISTS', 'TEMPLATE_INVALID'],
  },
  {
    method: 'get',
    path: '/templates/:id',
    id: 'getTemplate',
    tag: 'Templates',
    summary: 'One template with its texts',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The template', bodies: json(TemplateDetail) }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'put',
    path: '/templates/:id',
    id: 'replaceTemplate',
    tag: 'Templates',
    summary: 'Add or replace a template from a zip',
    scope: 'templates.write',
    bodies: ZIP,
    replies: [
      { status: 200, description: 'Replaced', bodies: json(TemplateDetail) },
      { status: 201, description: 'Added', bodies: json(TemplateDetail) },
    ],
    problems: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'TEMPLATE_INVALID'],
  },
  {
    method: 'delete',
    path: '/templates/:id',
    id: 'deleteTemplate',
    tag: 'Templates',
    summary: 'Delete a template',
    scope: 'templates.write',
    replies: [{ status: 204, description: 'Deleted' }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/templates/:id/export',
    id: 'exportTemplate',
    tag: 'Templates',
    summary: 'The folder of a template as a zip',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The zip', bodies: ZIP }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/templates/:id/samples/:sample',
    id: 'getSample',
    tag: 'Templates',
    summary: 'Sample data of a template',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The data', bodies: [{ type: 'application/json' }] }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
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
  ...KEY_OPERATIONS,
  ...VERIFY_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...BATCH_OPERATIONS,
  {
    method: 'get',
    path: '/health',
    id: 'health',
    tag: 'Service',
    summary: 'Whether jobs are taken',
    replies: [
      { status: 200, description: 'Ready', bodies: json(Health) },
      { status: 503, description: 'Not ready; `checks` says why', bodies: json(Health) },
    ],
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'metrics',
    tag: 'Service',
    summary: 'Figures for Prometheus',
    replies: [{ status: 200, description: 'Text format 0.0.4', bodies: [{ type: 'text/plain' }] }],
  },
  {
    method: 'get',
    path: '/openapi.json',
    id: 'openapi',
    tag: 'Service',
    summary: 'This document',
    replies: [{ status: 200, description: 'OpenAPI 3.1', bodies: [{ type: 'application/json' }] }],
  },
  {
    method: 'get',
    path: '/docs',
    id: 'docs',
    tag: 'Service',
    summary: 'This document as a page',
    replies: [{ status: 200, description: 'HTML', bodies: [{ type: 'text/html' }] }],
  },
];
