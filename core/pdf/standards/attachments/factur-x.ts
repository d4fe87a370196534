/**
 * Invoices as Factur-X, ZUGFeRD 2 and XRechnung: which profile an XML is of, and what the PDF around it must say
 * (Factur-X 1.0 and ZUGFeRD 2.x, part "PDF/A-3 container").
 */
import { parseXml, XmlError, type XmlElement } from '../../../xml/xml-tree.ts';
import type { AttachedFile } from '../plan.ts';
import type { XmpExtra } from '../xmp-extensions.ts';

type Level = 'MINIMUM' | 'BASIC WL' | 'BASIC' | 'EN 16931' | 'EXTENDED' | 'XRECHNUNG';

export interface FacturX {
  readonly level: Level;
  /** The name that the file must have. */
  readonly filename: 'factur-x.xml' | 'xrechnung.xml';
  /** Of a profile that is no whole invoice to the book-keeper: Data, else Alternative. */
  readonly relationship: 'Data' | 'Alternative';
}

const INVOICE = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';

/** The guideline that an invoice follows, as BT-24 of EN 16931 says it. */
const GUIDELINES: readonly (readonly [RegExp, Level])[] = [
  [/^urn:factur-x\.eu:1p0:minimum$/, 'MINIMUM'],
  [/^urn:factur-x\.eu:1p0:basicwl$/, 'BASIC WL'],
  [/^urn:cen\.eu:en16931:2017#compliant#urn:factur-x\.eu:1p0:basic$/, 'BASIC'],
  [/^urn:cen\.eu:en16931:2017$/, 'EN 16931'],
  [/^urn:cen\.eu:en16931:2017#conformant#urn:factur-x\.eu:1p0:extended$/, 'EXTENDED'],
  [
    /^urn:cen\.eu:en16931:2017#compliant#urn:(?:xoev-de:kosit:standard|xeinkauf\.de:kosit):xrechnung_\d/,
    'XRECHNUNG',
  ],
];

const CONTEXT = 'ExchangedDocumentContext';
const PARAMETER = 'GuidelineSpecifiedDocumentContextParameter';
const MOST_BYTES = 20 * 1024 * 1024;

/** What an invoice is, or in words why it is none. */
export function readFacturX(xml: Uint8Array): FacturX | string {
  if (xml.length > MOST_BYTES) return 'it is larger than 20 MB.';
  let root: XmlElement;
  try {
    root = parseXml(new TextDecoder('utf-8', { fatal: true }).decode(xml));
  } catch (error) {
    return error instanceof XmlError
      ? `it is not XML that can be read: ${error.message}.`
      : 'it is not in UTF-8.';
  }
  if (root.namespace !== INVOICE || root.name !== 'CrossIndustryInvoice') {
    return 'it is no Cross Industry Invoice (its root is not "CrossIndustryInvoice" of UN/CEFACT).';
  }
  const id = [CONTEXT, PARAMETER, 'ID']
    .reduce<XmlElement | undefined>(
      (element, name) => element?.children.find((each) => each.name === name),
      root,
    )
    ?.text.trim();
  const level = GUIDELINES.find(([pattern]) => pattern.test(id ?? ''))?.[1];
  if (level === undefined) {
    return id === undefined || id === ''
      ? `it does not say which profile it follows (${CONTEXT}/${PARAMETER}/ID is missing).`
      : `"${id.slice(0, 100)}" is not a profile of Factur-X 1.0, ZUGFeRD 2 or XRechnung.`;
  }
  return {
    level,
    filename: level === 'XRECHNUNG' ? 'xrechnung.xml' : 'factur-x.xml',
    relationship: level === 'MINIMUM' || level === 'BASIC WL' ? 'Data' : 'Alternative',
  };
}

/** Why a file cannot be the invoice of a document, or undefined. */
export function facturXProblem({ filename, bytes, relationship }: AttachedFile): string | undefined {
  const read = readFacturX(bytes);
  if (typeof read === 'string') return `"${filename}" cannot be a factur-x invoice: ${read}`;
  if (filename !== read.filename) {
    return `"${filename}" must be named "${read.filename}": readers find an invoice of the profile ${read.level} by that name.`;
  }
  if (relationship === undefined || ['Alternative', 'Data', 'Source'].includes(relationship))
    return undefined;
  return `The relationship of "${filename}" cannot be ${relationship}: an invoice is Alternative, Data or Source.`;
}

/** What XMP says of the invoice; `external`, since it is about a file. */
export function facturXSchema({ level, filename }: FacturX): XmpExtra {
  const text = (name: string, value: string, about: string): XmpExtra['properties'][number] => ({
    name,
    value,
    type: 'Text',
    category: 'external',
    description: about,
  });
  return {
    namespace: 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#',
    prefix: 'fx',
    schema: 'Factur-X PDFA Extension Schema',
    properties: [
      text('DocumentType', 'INVOICE', 'The type of the hybrid document in capital letters'),
      text('DocumentFileName', filename, 'The name of the embedded XML document'),
      text('Version', '1.0', 'The version of the standard applying to the embedded XML document'),
      text('ConformanceLevel', level, 'The conformance level of the embedded XML document'),
    ],
  };
}
