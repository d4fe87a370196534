/** The standards of one document, taken apart. */
import { PDF_STANDARDS, type PdfStandard } from '../../../contract/standard.ts';

export type PdfAPart = 1 | 2 | 3 | 4;

export interface PdfALevel {
  readonly part: PdfAPart;
  /** Undefined for plain PDF/A-4. */
  readonly conformance: 'A' | 'B' | 'U' | 'E' | 'F' | undefined;
}

/** What a file shall meet, or claims. */
export interface Standards {
  readonly pdfa: PdfALevel | undefined;
  readonly ua: 1 | 2 | undefined;
}

/** `['pdf/a-2a', 'pdf/ua-1']` taken apart. The names are those of contract/standard.ts. */
export function standardsFrom(names: readonly PdfStandard[]): Standards {
  let standards: Standards = { pdfa: undefined, ua: undefined };
  for (const name of names) {
    const level = /^pdf\/a-(\d)(\w?)$/.exec(name);
    if (level === null) standards = { ...standards, ua: name === 'pdf/ua-1' ? 1 : 2 };
    else {
      const conformance = level[2] === '' ? undefined : (level[2]?.toUpperCase() as PdfALevel['conformance']);
      standards = { ...standards, pdfa: { part: Number(level[1]) as PdfAPart, conformance } };
    }
  }
  return standards;
}

/** The name of a PDF/A level, `pdf/a-2b`. */
export const pdfaName = ({ part, conformance }: PdfALevel): string =>
  `pdf/a-${part}${conformance?.toLowerCase() ?? ''}`;

/** The names of the standards, PDF/A first; a level that does not exist, such as PDF/A-2f, has none. */
export function standardNames({ pdfa, ua }: Standards): PdfStandard[] {
  const names = [pdfa && pdfaName(pdfa), ua && `pdf/ua-${ua}`];
  return PDF_STANDARDS.filter((standard) => names.includes(standard));
}

/** Whether the document needs structure tags: level A and PDF/UA. */
export const needsTags = ({ pdfa, ua }: Standards): boolean => pdfa?.conformance === 'A' || ua !== undefined;
