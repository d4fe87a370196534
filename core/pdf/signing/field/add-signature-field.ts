/** Puts a signature into a document that is being changed: field, widget, appearance, dictionary (ISO 32000-2 §12.7.5.5). */
import { InfluxionError } from '../../../error.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';
import { textString } from '../../revision/text-string.ts';
import { needsTags, type Standards } from '../../standards/model.ts';
import { addAppearance, addEmptyAppearance } from '../appearance/appearance.ts';
import { placeBox, type Placement } from '../appearance/placement.ts';
import type { TrueType } from '../appearance/true-type.ts';
import { addAnnotation, addField, formFields, freeFieldName, SIGNATURE } from './form.ts';
import { signatureDictionary, timeStampDictionary, type SignatureFacts } from './signature-dictionary.ts';
import { tagWidget } from './widget-tag.ts';

/** How a signature is shown. */
export interface VisibleSignature {
  readonly placement: Placement;
  /** Clean text (text-block.ts); empty for none. */
  readonly text: string;
  /** That have every character of the text between them. */
  readonly fonts: readonly TrueType[];
  /** PNG or JPEG. */
  readonly image?: Buffer | undefined;
}

export interface SignaturePlan {
  readonly facts: SignatureFacts;
  readonly visible?: VisibleSignature | undefined;
  /** What the document shall meet; a signature never breaks it. */
  readonly standards: Standards;
  /** Bytes for the CMS. */
  readonly reserve: number;
}

export interface SignatureField {
  /** The fully qualified name. */
  readonly name: string;
  /** The signature dictionary, whose placeholders are filled when the file is written. */
  readonly dictionary: PdfRef;
}

/** Print and Locked (ISO 32000-2 table 167); PDF/A asks for Print. */
const PRINT_LOCKED = 132;

/**
 * Adds the field. The dictionary has to stand in the file by itself (`apart` of the compact writer). Errors: SIGNING_FAILED when
 * the signatures that the document has forbid another, or the place or image of a visible one cannot be used.
 */
export function addSignatureField(document: PdfDocument, plan: SignaturePlan): SignatureField {
  const { facts, visible, standards } = plan;
  assertMaySign(document, plan);
  const dictionary = document.add(signatureDictionary(facts, plan.reserve));
  if (facts.certify != null) {
    const permissions = document.dictAt(document.root, 'Perms') ?? new PdfDict();
    document.editDict(document.rootRef).set('Perms', new PdfDict(permissions).set('DocMDP', dictionary));
  }
  if (visible === undefined) {
    return addWidget(document, { stem: 'Signature', dictionary, appearance: addEmptyAppearance(document) });
  }
  const { page, rect, rotation } = placeBox(document, visible.placement);
  const { width, height } = visible.placement;
  const isPdfA1 = standards.pdfa?.part === 1;
  const appearance = addAppearance(
    document,
    { text: visible.text, fonts: visible.fonts, image: visible.image, isPdfA1 },
    { width, height, rotation },
  );
  const description = textString(`Signature of ${facts.name}`);
  const tags = needsTags(standards) ? { TU: description, Contents: description } : {};
  const turned = rotation === 0 ? {} : { MK: PdfDict.of({ R: rotation }) };
  const field = addWidget(document, {
    stem: 'Signature',
    dictionary,
    page: page.ref,
    rect: [...rect],
    appearance,
    more: { ...tags, ...turned },
  });
  if (needsTags(standards)) {
    tagWidget(document, { widget: field.widget, page: page.ref, description: `Signature of ${facts.name}` });
  }
  return field;
}

/**
 * Adds the field of a document time stamp, which is not shown. `reserve`: bytes for the token. It has an appearance only where it
 * must (ISO 19005-1 §6.9), and then one that is there already, if any: a time stamp with new objects for its looks is more than a
 * certification without changes allows in the eyes of some readers.
 */
export function addTimeStampField(
  document: PdfDocument,
  { reserve, standards }: { readonly reserve: number; readonly standards: Standards },
): SignatureField {
  const dictionary = document.add(timeStampDictionary(reserve));
  const appearance =
    standards.pdfa?.part === 1 ? (emptyAppearance(document) ?? addEmptyAppearance(document)) : undefined;
  return addWidget(document, { stem: 'Timestamp', dictionary, appearance });
}

/** Of a signature that is not shown. */
function emptyAppearance(document: PdfDocument): PdfRef | undefined {
  for (const { dict, type } of formFields(document)) {
    const appearance = document.dictAt(dict, 'AP')?.get('N');
    const rect = document.arrayAt(dict, 'Rect') ?? [];
    const isEmpty = type === SIGNATURE.name && rect.length === 4 && rect.every((edge) => edge === 0);
    if (isEmpty && appearance instanceof PdfRef) return appearance;
  }
  return undefined;
}

interface Widget {
  readonly stem: string;
  readonly dictionary: PdfRef;
  readonly page?: PdfRef;
  readonly rect?: PdfObject;
  readonly appearance: PdfRef | undefined;
  readonly more?: Readonly<Record<string, PdfObject>>;
}

/** A field and its only widget in one dictionary. */
function addWidget(document: PdfDocument, plan: Widget): SignatureField & { readonly widget: PdfRef } {
  const page = plan.page ?? firstPage(document);
  const fieldName = freeFieldName(document, plan.stem);
  const widget = document.add(
    PdfDict.of({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: SIGNATURE,
      T: textString(fieldName),
      V: plan.dictionary,
      F: PRINT_LOCKED,
      P: page,
      Rect: plan.rect ?? [0, 0, 0, 0],
      AP: plan.appearance && PdfDict.of({ N: plan.appearance }),
      ...plan.more,
    }),
  );
  addAnnotation(document, page, widget);
  addField(document, widget);
  return { name: fieldName, dictionary: plan.dictionary, widget };
}

function firstPage(document: PdfDocument): PdfRef {
  for (const { ref } of document.pages()) return ref;
  throw new InfluxionError('SIGNING_FAILED', 'The document has no page, so it cannot be signed.');
}

/** A certification comes first, and one that allows no changes is the last word (ISO 32000-2 §12.8.2.2). */
function assertMaySign(document: PdfDocument, { facts, visible, standards }: SignaturePlan): void {
  const certification = document.dictAt(document.dictAt(document.root, 'Perms'), 'DocMDP');
  if (certification !== undefined && permissionOf(document, certification) === 1) {
    throw new InfluxionError(
      'SIGNING_FAILED',
      'The document is certified in a way that allows no further signature.',
      { hint: 'Sign a copy from before the certification.' },
    );
  }
  if (!isSigned(document)) return;
  if (facts.certify != null) {
    throw new InfluxionError('SIGNING_FAILED', 'The document is signed already, so it cannot be certified.', {
      hint: 'A certification has to be the first signature; sign without "certify".',
    });
  }
  // Readers take any change of the structure tree for one of the content, and a widget outside of it breaks PDF/UA.
  if (visible !== undefined && needsTags(standards)) {
    throw new InfluxionError(
      'SIGNING_FAILED',
      'The document is signed already, so a visible signature cannot be added to its structure.',
      { hint: 'Add a signature that is not shown, or sign visibly before all others.' },
    );
  }
}

function isSigned(document: PdfDocument): boolean {
  for (const { dict, type } of formFields(document)) {
    if (type === SIGNATURE.name && document.dictAt(dict, 'V') !== undefined) return true;
  }
  return false;
}

/** What a certification allows: 1, 2 or 3; 2 when it does not say (ISO 32000-2 table 257). */
function permissionOf(document: PdfDocument, certification: PdfDict): number {
  for (const reference of document.arrayAt(certification, 'Reference') ?? []) {
    const dict = document.resolve(reference);
    if (!(dict instanceof PdfDict) || document.nameAt(dict, 'TransformMethod') !== 'DocMDP') continue;
    return document.numberAt(document.dictAt(dict, 'TransformParams'), 'P') ?? 2;
  }
  return 2;
}
