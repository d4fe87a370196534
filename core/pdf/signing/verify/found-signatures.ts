/** The signatures of a document, read as far as they can be. */
import type { ByteSource } from '../../revision/byte-source.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfName, PdfString, type PdfObject } from '../../revision/objects.ts';
import { textOf } from '../../revision/text-string.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import { parseCms, type ParsedCms } from '../cms/parse-cms.ts';
import { CERTIFICATIONS } from '../field/signature-dictionary.ts';
import { formFields } from '../field/form.ts';
import { BadRange, readRange, type SignedRange } from './signed-range.ts';
import { isTimeStamp } from './validation-data.ts';

export interface FoundSignature {
  readonly field: string;
  readonly dict: PdfDict;
  readonly subFilter: string;
  readonly isTimeStamp: boolean;
  /** Undefined: what is signed, or the signature, cannot be read; `fault` says why in words. */
  readonly range: SignedRange | undefined;
  readonly cms: ParsedCms | undefined;
  readonly fault: string | undefined;
}

const MOST_SIGNATURES = 100;

/** In the order in which they were made; those that cannot be read come first. Throws PDF_DAMAGED. */
export function findSignatures(document: PdfDocument, source: ByteSource): FoundSignature[] {
  const found = new Map<PdfDict, FoundSignature>();
  for (const field of formFields(document)) {
    if (field.type !== 'Sig' || found.size === MOST_SIGNATURES) continue;
    const dict = document.dictAt(field.dict, 'V');
    if (dict === undefined || found.has(dict)) continue;
    found.set(dict, readSignature(document, { dict, field: field.name, source }));
  }
  return [...found.values()].sort((a, b) => (a.range?.end ?? 0) - (b.range?.end ?? 0));
}

function readSignature(
  document: PdfDocument,
  { dict, field, source }: { dict: PdfDict; field: string; source: ByteSource },
): FoundSignature {
  const subFilter = document.nameAt(dict, 'SubFilter') ?? '';
  const basics = { field, dict, subFilter, isTimeStamp: isTimeStamp(dict) };
  try {
    const range = readRange(document, dict, source);
    if (!KINDS.has(subFilter)) {
      const fault = `Signatures of this kind cannot be checked ("${subFilter}").`;
      return { ...basics, range, cms: undefined, fault };
    }
    return { ...basics, range, cms: parseCms(range.contents), fault: undefined };
  } catch (error) {
    if (error instanceof BadRange)
      return { ...basics, range: undefined, cms: undefined, fault: error.message };
    if (!(error instanceof Asn1Error)) throw error;
    return {
      ...basics,
      range: undefined,
      cms: undefined,
      fault: 'The signature is damaged: it is no whole CMS.',
    };
  }
}

const KINDS: ReadonlySet<string> = new Set([
  'ETSI.CAdES.detached',
  'ETSI.RFC3161',
  'adbe.pkcs7.detached',
  'adbe.pkcs7.sha1',
]);

/** A text of the signature dictionary; control characters are taken out. */
export function factOf(document: PdfDocument, dict: PdfDict, key: string): string | null {
  const value = document.resolve(dict.get(key));
  return value instanceof PdfString
    ? textOf(value)
        .replaceAll(/\p{Cc}+/gu, ' ')
        .slice(0, 2000)
    : null;
}

const PDF_DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+\-Z])(?:(\d\d)'?(?:(\d\d)'?)?)?)?/;

/** Milliseconds since the epoch (ISO 32000-2 §7.9.4). */
export function dateOf(text: string | null): number | undefined {
  const parts = PDF_DATE.exec(text ?? '');
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  const offset = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * (parts[7] === '-' ? -1 : 1);
  const time = Date.UTC(year, month - 1, day, hour, minute - offset, second);
  return Number.isNaN(time) ? undefined : time;
}

type Certification = keyof typeof CERTIFICATIONS;

/** What a signature allows to be changed afterwards when it certifies the document (ISO 32000-2 §12.8.2.2). */
export function certificationOf(document: PdfDocument, dict: PdfDict): Certification | null {
  const parameters = transformOf(document, dict, 'DocMDP');
  if (parameters === undefined) return null;
  const permission = document.numberAt(parameters, 'P') ?? CERTIFICATIONS['form-filling'];
  const [known] = Object.entries(CERTIFICATIONS).find(([, number]) => number === permission) ?? [];
  return (known ?? 'no-changes') as Certification;
}

/** Which fields a signature locks (ISO 32000-2 §12.8.2.4). */
export function lockOf(document: PdfDocument, dict: PdfDict): (field: string) => boolean {
  const parameters = transformOf(document, dict, 'FieldMDP');
  if (parameters === undefined) return () => false;
  const action = document.resolve(parameters.get('Action'));
  const names = (document.arrayAt(parameters, 'Fields') ?? []).map((item) => textIn(document.resolve(item)));
  const isNamed = (field: string): boolean =>
    names.some((name) => field === name || field.startsWith(`${name}.`));
  switch (action instanceof PdfName ? action.name : '') {
    case 'Include':
      return isNamed;
    case 'Exclude':
      return (field) => !isNamed(field);
    default:
      return () => true;
  }
}

const textIn = (object: PdfObject): string => (object instanceof PdfString ? textOf(object) : '');

function transformOf(document: PdfDocument, dict: PdfDict, method: string): PdfDict | undefined {
  for (const item of document.arrayAt(dict, 'Reference') ?? []) {
    const reference = document.resolve(item);
    if (!(reference instanceof PdfDict) || document.nameAt(reference, 'TransformMethod') !== method) continue;
    return document.dictAt(reference, 'TransformParams') ?? new PdfDict();
  }
  return undefined;
}
