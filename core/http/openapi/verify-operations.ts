/** What the OpenAPI document says of verifying files. */
import { VerifyQuery, VerifyReport } from '../../../contract/verify.ts';
import { json, type OperationDoc } from './operation.ts';

const REPORT = {
  ok: true,
  size: 61_440,
  sha256: 'ab'.repeat(32),
  pages: 2,
  version: '1.4',
  claims: ['pdf/a-2b'],
  conformance: [{ standard: 'pdf/a-2b', conformant: true, violations: [], not_checked: [] }],
  signatures: [],
  summary: ['It meets PDF/A-2b as it claims.', 'It is not signed.'],
};

export const VERIFY_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'post',
    path: '/pdf/verify',
    id: 'verifyPdf',
    tag: 'Documents',
    summary: 'Check the standards and the signatures of any PDF',
    description:
      'The standards that the file claims are checked, and those that are asked for. Nothing is kept, and nothing on the network is asked: revocation is judged by what the file brings.',
    scope: 'pdf',
    query: VerifyQuery,
    bodies: [{ type: 'application/pdf' }],
    replies: [{ status: 200, description: 'The report', bodies: json(VerifyReport, REPORT) }],
    problems: [
      'BODY_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'PDF_DAMAGED',
      'PDF_ENCRYPTED',
      'PDF_TIMEOUT',
      'PDF_TOO_COMPLEX',
    ],
  },
];
