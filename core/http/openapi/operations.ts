/** What the OpenAPI document says of each route; a test holds it against the routes that are really there. */
import { CLIENT_OPERATIONS, TOKEN_OPERATIONS } from './access-operations.ts';
import { BATCH_OPERATIONS } from './batch-operations.ts';
import { JOB_OPERATIONS } from './job-operations.ts';
import { KEY_OPERATIONS } from './key-operations.ts';
import type { OperationDoc } from './operation.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';
import { TEMPLATE_OPERATIONS } from './template-operations.ts';
import { VERIFY_OPERATIONS } from './verify-operations.ts';
import { WEBHOOK_OPERATIONS } from './webhook-operations.ts';

/** In the order of the document. */
export const OPERATIONS: readonly OperationDoc[] = [
  ...TOKEN_OPERATIONS,
  ...JOB_OPERATIONS,
  ...TEMPLATE_OPERATIONS,
  ...CLIENT_OPERATIONS,
  ...KEY_OPERATIONS,
  ...VERIFY_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...BATCH_OPERATIONS,
  ...SERVICE_OPERATIONS,
];
