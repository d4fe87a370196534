/** The interactive form of a document (ISO 32000-2 §12.7.3) as far as signatures need it. */
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from '../../revision/objects.ts';
import { textOf } from '../../revision/text-string.ts';

/** SignaturesExist and AppendOnly (ISO 32000-2 table 225). */
const SIGNATURES_EXIST_APPEND_ONLY = 3;
const MOST_FIELDS = 100_000;
/** Characters. */
const LONGEST_NAME = 10_000;

export interface FormField {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** The fully qualified name (ISO 32000-2 §12.7.4.2). */
  readonly name: string;
  readonly type: string | undefined;
  /** The names of its ancestors are in `name`; a kid without a name is another widget of the same field. */
  readonly isWidgetOnly: boolean;
}

/** What resolves references: the document as it is now, or a revision of it. */
export interface ObjectGraph {
  resolve(object: PdfObject | undefined): PdfObject;
  readonly root: PdfDict;
}

/** All fields and their widgets, in the order of the tree; circles are left out. */
export function* formFields(graph: ObjectGraph): Generator<FormField> {
  const form = graph.resolve(graph.root.get('AcroForm'));
  if (!(form instanceof PdfDict)) return;
  const open: { object: PdfObject; above: string; type: string | undefined }[] = [];
  const lists = new Set<PdfObject[]>();
  const push = (list: PdfObject, above: string, type: string | undefined): void => {
    // Hostile fields share a list of all of them.
    if (!Array.isArray(list) || lists.has(list)) return;
    lists.add(list);
    for (const object of list.toReversed()) open.push({ object, above, type });
  };
  push(graph.resolve(form.get('Fields')), '', undefined);
  const seen = new Set<number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { object, above } = next;
    if (!(object instanceof PdfRef) || seen.has(object.number) || seen.size >= MOST_FIELDS) continue;
    seen.add(object.number);
    const dict = graph.resolve(object);
    if (!(dict instanceof PdfDict)) continue;
    const own = graph.resolve(dict.get('T'));
    const part = own instanceof PdfString ? textOf(own) : undefined;
    const path =
      part === undefined ? above : (above === '' ? part : `${above}.${part}`).slice(0, LONGEST_NAME);
    const ownType = graph.resolve(dict.get('FT'));
    const type = ownType instanceof PdfName ? ownType.name : next.type;
    yield { ref: object, dict, name: path, type, isWidgetOnly: part === undefined };
    push(graph.resolve(dict.get('Kids')), path, type);
  }
}

/** Adds a field at the top of the form, which is made when there is none. */
export function addField(document: PdfDocument, field: PdfRef): void {
  const existing = document.dictAt(document.root, 'AcroForm');
  if (existing === undefined) {
    const form = PdfDict.of({ Fields: [field], SigFlags: SIGNATURES_EXIST_APPEND_ONLY });
    document.editDict(document.rootRef).set('AcroForm', document.add(form));
    return;
  }
  const form = document.editDictAt(document.rootRef, 'AcroForm');
  form?.set('Fields', [...(document.arrayAt(form, 'Fields') ?? []), field]);
  form?.set('SigFlags', SIGNATURES_EXIST_APPEND_ONLY);
}

/** `Signature1`, or with the first number that no field has. */
export function freeFieldName(document: PdfDocument, stem: string): string {
  const taken = new Set([...formFields(document)].map((field) => field.name));
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}

/** Adds an annotation to a page. */
export function addAnnotation(document: PdfDocument, page: PdfRef, annotation: PdfRef): void {
  const dict = document.get(page.number);
  const list = dict instanceof PdfDict ? dict.get('Annots') : undefined;
  const annotations = document.resolve(list);
  const longer = [...(Array.isArray(annotations) ? annotations : []), annotation];
  if (list instanceof PdfRef && Array.isArray(annotations)) document.set(list, longer);
  else document.editDict(page).set('Annots', longer);
}

export const SIGNATURE = name('Sig');
