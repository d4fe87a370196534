/** The signature dictionary (ISO 32000-2 §12.8.1) with room for what is known only when the file is written. */
import type { SignatureOptions } from '../../../../contract/document.ts';
import { name, PdfDict, PdfString, type PdfObject } from '../../revision/objects.ts';
import { textString } from '../../revision/text-string.ts';

/** What @signpdf looks for, and as wide as an offset in a file of 9 GB. */
const UNKNOWN = name('**********');
export const UNKNOWN_MARK = '/**********';
/** How the dictionary begins to say which bytes are signed, as it is written. */
export const BYTE_RANGE_MARK = '/ByteRange [0 /********** /********** /**********]';

export interface SignatureFacts {
  /** Who signs. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
  readonly reason?: string | undefined;
  readonly location?: string | undefined;
  readonly contact?: string | undefined;
  readonly certify?: SignatureOptions['certify'];
}

/** DocMDP (ISO 32000-2 table 257). */
export const CERTIFICATIONS = { 'no-changes': 1, 'form-filling': 2, annotations: 3 } as const;

/** `reserve`: bytes for the CMS. */
export function signatureDictionary(facts: SignatureFacts, reserve: number): PdfDict {
  return PdfDict.of({
    Type: name('Sig'),
    ...placeholders('ETSI.CAdES.detached', reserve),
    M: text(pdfDate(facts.signedAt)),
    Name: text(facts.name),
    Reason: facts.reason === undefined ? undefined : text(facts.reason),
    Location: facts.location === undefined ? undefined : text(facts.location),
    ContactInfo: facts.contact === undefined ? undefined : text(facts.contact),
    Reference: facts.certify == null ? undefined : [docMdp(CERTIFICATIONS[facts.certify])],
  });
}

/** A document time stamp (ISO 32000-2 §12.8.5). */
export const timeStampDictionary = (reserve: number): PdfDict =>
  PdfDict.of({ Type: name('DocTimeStamp'), ...placeholders('ETSI.RFC3161', reserve) });

const placeholders = (subFilter: string, reserve: number): Record<string, PdfObject> => ({
  Filter: name('Adobe.PPKLite'),
  SubFilter: name(subFilter),
  ByteRange: [0, UNKNOWN, UNKNOWN, UNKNOWN],
  Contents: contentsOf(reserve),
});

export const contentsOf = (reserve: number): PdfString => new PdfString(new Uint8Array(reserve), true);

/** Hexadecimal, so that no text can look like the placeholder. */
const text = (value: string): PdfString => new PdfString(textString(value).bytes, true);

/** No DigestMethod, DigestLocation or DigestValue: PDF/A forbids them (ISO 19005-2 §6.1.12). */
const docMdp = (permission: number): PdfDict =>
  PdfDict.of({
    Type: name('SigRef'),
    TransformMethod: name('DocMDP'),
    TransformParams: PdfDict.of({ Type: name('TransformParams'), P: permission, V: name('1.2') }),
  });

/** ISO 32000-2 §7.9.4. */
const pdfDate = (at: number): string =>
  `D:${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+00'00'`;
