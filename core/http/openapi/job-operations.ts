import type { ErrorCode } from '../../../contract/errors.ts';
import {
  GenerateRequest,
  Job,
  JobAccepted,
  JobChanged,
  JobList,
  JobListQuery,
} from '../../../contract/job.ts';
import { json, type BodyDoc, type OperationDoc } from './operation.ts';

const PDF: readonly BodyDoc[] = [{ type: 'application/pdf' }];

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

export const JOB_OPERATIONS: readonly OperationDoc[] = [
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
];
