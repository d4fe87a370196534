/** The standards that a document can be made to meet, with what each is for. */
import { PDF_STANDARDS, pairProblem, standardsOf, type PdfStandard } from '../../../../contract/standard.ts';
import type { SelectOption } from '../../../ui/select.tsx';
import { standardName } from '../../../ui/standard-name.ts';

/** No standard. */
export const NONE = 'none';
/** What the file says and nobody offers. */
export const OTHER = 'other';

const SENTENCES: Record<PdfStandard, string> = {
  'pdf/a-1b': 'The oldest archive level: it looks the same for decades. It allows no transparency.',
  'pdf/a-1a': 'As 1b, with text that can be read out in order. It allows no transparency.',
  'pdf/a-2b':
    'For archives: it looks the same for decades, whatever opens it. The one to take when nobody asks for another.',
  'pdf/a-2u': 'As 2b, and all text can be searched and copied.',
  'pdf/a-2a': 'As 2u, with headings, tables and alternative texts that can be read out in order.',
  'pdf/a-3b':
    'As 2b, with attached files of any kind. The one for invoices with their XML (Factur-X, ZUGFeRD).',
  'pdf/a-3u': 'As 3b, and all text can be searched and copied.',
  'pdf/a-3a': 'As 3u, with headings, tables and alternative texts that can be read out in order.',
  'pdf/a-4': 'For archives, on PDF 2.0. Newer, and not yet read everywhere.',
  'pdf/a-4e': 'As 4, for engineering documents.',
  'pdf/a-4f': 'As 4, with attached files of any kind.',
  'pdf/ua-1':
    'For everybody: screen readers can read it out. It needs a title, a language and alternative texts.',
  'pdf/ua-2': 'As UA-1, on PDF 2.0.',
};

const LABELS: Partial<Record<PdfStandard, string>> = {
  'pdf/a-2b': 'recommended',
  'pdf/a-3b': 'recommended with attached files',
};

const UA: readonly PdfStandard[] = ['pdf/ua-1', 'pdf/ua-2'];
const isArchive = (standard: PdfStandard): boolean => !UA.includes(standard);

const SEPARATOR = '+';
export const optionOf = (standards: readonly PdfStandard[]): string => standards.join(SEPARATOR);

const single = (standard: PdfStandard): SelectOption<string> => {
  const label = LABELS[standard];
  return {
    value: standard,
    label: label === undefined ? standardName(standard) : `${standardName(standard)} (${label})`,
    group: isArchive(standard) ? 'For archives' : 'For everybody (accessible)',
  };
};

/** Every pair that one file can meet. */
const PAIRS = PDF_STANDARDS.filter(isArchive)
  .flatMap((archive) => UA.map((ua) => [archive, ua] as const))
  .filter((pair) => pairProblem(pair) === undefined);

/** The levels that people ask for come before those that are there for completeness. */
const ORDER: readonly PdfStandard[] = [...new Set<PdfStandard>(['pdf/a-2b', 'pdf/a-3b', ...PDF_STANDARDS])];

export const STANDARD_OPTIONS: readonly SelectOption<string>[] = [
  { value: NONE, label: 'None: a plain PDF' },
  ...ORDER.filter(isArchive).map(single),
  ...ORDER.filter((standard) => !isArchive(standard)).map(single),
  ...PAIRS.map((pair) => ({
    value: optionOf(pair),
    label: pair.map(standardName).join(' + '),
    group: 'For archives and for everybody',
  })),
];

/** The option that `pdf_standard` of a file stands for. */
export function chosenOption(value: unknown): string {
  if (value === undefined || value === null) return NONE;
  const names = typeof value === 'string' || Array.isArray(value) ? (value as string | string[]) : [];
  const option = optionOf(standardsOf(names));
  return STANDARD_OPTIONS.some((each) => each.value === option) ? option : OTHER;
}

/** As `pdf_standard` is written; undefined for none. */
export function standardFrom(option: string): string | readonly string[] | undefined {
  if (option === NONE) return undefined;
  const names = option.split(SEPARATOR);
  return names.length === 1 ? names[0] : names;
}

export const standardsOfOption = (option: string): readonly PdfStandard[] =>
  standardsOf(option.split(SEPARATOR));

/** What the chosen option is for. */
export function sentenceOf(option: string): string {
  const standards = standardsOfOption(option);
  if (standards.length === 0) return 'The file claims nothing and is not checked.';
  return standards.map((standard) => SENTENCES[standard]).join(' ');
}

/** Whether files of any kind can be attached: PDF/A before 3 knows none but PDF/A, and 4 needs its level f. */
export const takesAttachments = (standards: readonly PdfStandard[]): boolean =>
  standards.every((standard) => !isArchive(standard) || /^pdf\/a-(?:3|4f)/.test(standard));
