import { InfluxionError } from '../../error.ts';

/** PDF_DAMAGED in words: what is wrong and where. */
export function damaged(what: string, offset?: number): InfluxionError {
  const where = offset === undefined ? '' : ` (at byte ${offset})`;
  return new InfluxionError('PDF_DAMAGED', `This is not a PDF that can be read: ${what}${where}.`, {
    hint: 'Make the file anew, or repair it, for instance with "qpdf in.pdf out.pdf".',
  });
}
