import { Health } from '../../../contract/health.ts';
import { json, type OperationDoc } from './operation.ts';

export const SERVICE_OPERATIONS: readonly OperationDoc[] = [
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
