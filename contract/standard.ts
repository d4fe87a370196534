/** The document standards that can be asked for, and which of them go together. */
import { z } from 'zod';

/** The standards that `pdf_standard` can name (letter case is free; `pdf/a-4u` is `pdf/a-4`). */
export const PDF_STANDARDS = [
  'pdf/a-1a',
  'pdf/a-1b',
  'pdf/a-2a',
  'pdf/a-2b',
  'pdf/a-2u',
  'pdf/a-3a',
  'pdf/a-3b',
  'pdf/a-3u',
  'pdf/a-4',
  'pdf/a-4e',
  'pdf/a-4f',
  'pdf/ua-1',
  'pdf/ua-2',
] as const;
export type PdfStandard = (typeof PDF_STANDARDS)[number];

/** Names that others use for one of ours. ISO 19005-4 knows no level U: every PDF/A-4 file has what U asks for. */
const ALIASES: Readonly<Record<string, PdfStandard>> = { 'pdf/a-4u': 'pdf/a-4' };

/** A standard by its name in any letter case, or undefined. */
export function standardOf(name: string): PdfStandard | undefined {
  const lower = name.toLowerCase();
  return ALIASES[lower] ?? PDF_STANDARDS.find((standard) => standard === lower);
}

const PdfStandardName = z
  .string()
  .refine(
    (name) => standardOf(name) !== undefined,
    `Must be one of ${PDF_STANDARDS.join(', ')}, such as "pdf/a-2b"`,
  );

/**
 * Why two standards cannot be met by one file, or undefined when they can. PDF/UA-1 is a PDF 1.x file (ISO 14289-1 §6.1),
 * PDF/A-4 and PDF/UA-2 are PDF 2.0 ones (ISO 19005-4 §6.1.2, ISO 14289-2 §6.1), and PDF/A-1 builds on PDF 1.4, which lacks what
 * PDF/UA-1 asks for.
 */
export function pairProblem(standards: readonly PdfStandard[]): string | undefined {
  if (standards.length < 2) return undefined;
  const archives = standards.filter((standard) => standard.startsWith('pdf/a-'));
  const [archive] = archives;
  const ua = standards.find((standard) => standard.startsWith('pdf/ua-'));
  if (archive === undefined || ua === undefined || archives.length > 1) {
    return 'A list names one PDF/A and one PDF/UA level, such as ["pdf/a-2a", "pdf/ua-1"].';
  }
  const part = archive.charAt('pdf/a-'.length);
  if (ua === 'pdf/ua-2') {
    if (part === '4') return undefined;
    return `${archive} and ${ua} cannot be met together: ${ua} must be PDF 2.0 and ${archive} PDF 1.x. ${ua} goes with pdf/a-4.`;
  }
  if (part === '2' || part === '3') return undefined;
  const why =
    part === '4'
      ? `${ua} must be PDF 1.x and ${archive} PDF 2.0`
      : `${ua} builds on PDF 1.7 and ${archive} on PDF 1.4`;
  return `${archive} and ${ua} cannot be met together: ${why}. ${ua} goes with pdf/a-2a or pdf/a-3a.`;
}

/** `pdf_standard` of a request: one name, or a PDF/A and a PDF/UA that go together. */
export const PdfStandards = z
  .union([PdfStandardName, z.array(PdfStandardName).min(1).max(2)])
  .superRefine((value, context) => {
    const problem = pairProblem(standardsOf(value));
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** The standards that a valid `pdf_standard` names. */
export function standardsOf(value: string | readonly string[] | null | undefined): PdfStandard[] {
  if (value == null) return [];
  const names = typeof value === 'string' ? [value] : value;
  return names.flatMap((name) => standardOf(name) ?? []);
}
