/** The standard structure types by the version of PDF, and what kind of place they are (ISO 32000-2 §14.8.4, Annex L). */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const COMMON =
  'Document Part Div Caption Sect NonStruct H P L LI Lbl LBody Table TR TH TD Span Link Figure Formula Form';
const OLDER = 'Art BlockQuote TOC TOCI Index Private Quote Note Reference BibEntry Code H1 H2 H3 H4 H5 H6';
const NEWER = 'THead TBody TFoot Annot Ruby Warichu RB RT RP WT WP';

const PDF_1_4 = words(`${COMMON} ${OLDER}`);
const PDF_1_7 = words(`${COMMON} ${OLDER} ${NEWER}`);
const PDF_2_0 = words(`${COMMON} ${NEWER} DocumentFragment Aside Title FENote Sub Em Strong Artifact`);

export const NAMESPACE = {
  pdf: 'http://iso.org/pdf/ssn',
  pdf2: 'http://iso.org/pdf2/ssn',
  mathMl: 'http://www.w3.org/1998/Math/MathML',
} as const;

/** Which set of types a level builds on. */
export type Dialect = 'pdf14' | 'pdf17' | 'pdf2';

/** `H1` and on without end. */
export const isNumberedHeading = (type: string): boolean => /^H[1-9]\d*$/.test(type);

export const isStandardIn = (dialect: 'pdf14' | 'pdf17', type: string): boolean =>
  (dialect === 'pdf14' ? PDF_1_4 : PDF_1_7).has(type);

/** In the namespace of this URI; without one the types of PDF 1.7 stand. */
export function isStandardInNamespace(uri: string | undefined, type: string): boolean {
  if (uri === undefined || uri === NAMESPACE.pdf) return PDF_1_7.has(type);
  if (uri === NAMESPACE.pdf2) return PDF_2_0.has(type) || isNumberedHeading(type);
  return uri === NAMESPACE.mathMl;
}

/** Its kids count as those of its parent. */
export const isPassThrough = (type: string | undefined): boolean =>
  type === 'NonStruct' || type === 'Div' || type === 'Part';

export const GROUPING = words('Art Aside Div Index NonStruct Part Sect TOC TOCI');
/** Grouping, unless there is text or an inline type in it. */
export const PERHAPS_GROUPING = words(
  'BlockQuote Caption Title Annot Artifact BibEntry Code FENote Figure Form Formula Link Note Private Quote Reference',
);
export const INLINE = words('Em RB RP RT Ruby Span Strong Sub WP WT Warichu');
