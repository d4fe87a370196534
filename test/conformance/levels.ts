/** The levels that a document is made at: the thirteen standards and the pairs that go together. */
import { PDF_STANDARDS, type PdfStandard } from '../../contract/standard.ts';

export interface Level {
  /** As in the table of results, `2a+ua-1`. */
  readonly name: string;
  readonly standards: readonly PdfStandard[];
}

const level = (...standards: PdfStandard[]): Level => ({
  name: standards.map((standard) => standard.replace(/^pdf\/(a-)?/, '')).join('+'),
  standards,
});

export const LEVELS: readonly Level[] = [
  ...PDF_STANDARDS.map((standard) => level(standard)),
  level('pdf/a-2a', 'pdf/ua-1'),
  level('pdf/a-3a', 'pdf/ua-1'),
  level('pdf/a-4', 'pdf/ua-2'),
];

/** What veraPDF calls a standard: `2b`, `ua1`. */
export const flavourOf = (standard: string): string => standard.replace(/^pdf\/(a-)?/, '').replace('-', '');
