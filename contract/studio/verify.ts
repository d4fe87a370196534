/** A PDF at hand, looked at: nothing of it is kept. */
import { z } from 'zod';
import { PdfStandards } from '../standard.ts';
import { VerifyReport } from '../verify.ts';
import { Bytes, route } from './route.ts';

export const verifyRoutes = {
  /** `roots`: PEM texts of certificates that are trusted. Errors: PDF_DAMAGED, PDF_ENCRYPTED, PDF_TIMEOUT, PDF_TOO_COMPLEX. */
  'verify.run': route(
    z.strictObject({
      bytes: Bytes,
      standard: PdfStandards.nullish(),
      roots: z.array(z.string().max(1_000_000)).max(20).optional(),
    }),
    VerifyReport,
  ),
};
