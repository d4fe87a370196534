/** Structure types by the edition of PDF that knows them (ISO 32000-2 §14.7.4, §14.8.6). */
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, type PdfRef } from '../../revision/objects.ts';
import { textString } from '../../revision/text-string.ts';

const PDF_1_7 = 'http://iso.org/pdf/ssn';
export const PDF_2_0 = 'http://iso.org/pdf2/ssn';

/** Types that PDF 2.0 leaves to the namespace of PDF 1.7. */
const ONLY_1_7 = new Set(
  'Art BlockQuote Code NonStruct Private Quote TOC TOCI Index BibEntry Reference Note'.split(' '),
);

export interface Namespaces {
  readonly refs: readonly PdfRef[];
  /** What an element of a type says of its namespace, as it stands in the file. */
  readonly namespaceOf: (type: string) => string;
}

/** Both namespaces, as objects of the document (ISO 14289-2 §8.2.4, §8.2.5.2). */
export function addNamespaces(document: PdfDocument): Namespaces {
  const add = (url: string): PdfRef =>
    document.add(PdfDict.of({ Type: name('Namespace'), NS: textString(url) }));
  const [old, current] = [add(PDF_1_7), add(PDF_2_0)];
  const [oldText, currentText] = [`/NS ${old.number} 0 R`, `/NS ${current.number} 0 R`];
  return { refs: [old, current], namespaceOf: (type) => (ONLY_1_7.has(type) ? oldText : currentText) };
}

/** What types of PDF 2.0, and in PDF 1.4 those of 1.5, mean in older files (ISO 32000-1 §14.8.4). */
const ROLES: Readonly<Record<string, string>> = {
  Em: 'Span',
  Strong: 'Span',
  Sub: 'Span',
  Title: 'P',
  Aside: 'Sect',
  FENote: 'Note',
  DocumentFragment: 'Sect',
};
const ROLES_1_4: Readonly<Record<string, string>> = {
  ...ROLES,
  Ruby: 'Span',
  RB: 'Span',
  RT: 'Span',
  RP: 'Span',
  Annot: 'Span',
  // Whose rows are then as if they stood in the table itself.
  THead: 'NonStruct',
  TBody: 'NonStruct',
  TFoot: 'NonStruct',
};

/** The role map for the types that are used; undefined when none needs one (ISO 19005-1 §6.8.3.4, 19005-2 §6.7.3.4). */
export function roleMap(types: ReadonlySet<string>, isPdf14: boolean): PdfDict | undefined {
  const roles = Object.entries(isPdf14 ? ROLES_1_4 : ROLES).filter(([type]) => types.has(type));
  return roles.length === 0 ? undefined : new PdfDict(roles.map(([type, role]) => [type, name(role)]));
}
