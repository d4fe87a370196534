/** Further signatures, and fields that were filled in (ISO 32000-2 §12.8.2.2, table 257). */
import type { PdfDocument } from '../../../revision/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../../../revision/objects.ts';
import { formFields, type FormField } from '../../field/form.ts';
import { isTimeStamp } from '../validation-data.ts';
import type { Judgement } from './judgement.ts';
import type { RevisionPair } from './revision-pair.ts';
import { changedKeys } from './same-object.ts';

export interface FormRules {
  /** DocMDP of the signed revision: 1, 2, 3; undefined without a certification. */
  readonly permission: number | undefined;
  /** Whether a field must not change any more (FieldMDP). */
  readonly isLocked: (field: string) => boolean;
}

/** Of the form itself: what filling in and signing need. */
const FORM_KEYS: ReadonlySet<string> = new Set(['Fields', 'SigFlags', 'DR', 'DA', 'NeedAppearances']);
/** Of a field: its value, and how it is shown. */
const VALUE_KEYS: ReadonlySet<string> = new Set(['V', 'AP', 'AS', 'M', 'RV', 'I']);

/** The widgets of signatures that were added, by their numbers; they may stand on pages. */
export function judgeForm(pair: RevisionPair, rules: FormRules, judgement: Judgement): ReadonlySet<number> {
  const { before, after, changed } = pair;
  const old = new Map([...formFields(before)].map((field) => [field.ref.number, field]));
  const form = { old: before.root.get('AcroForm'), now: after.root.get('AcroForm') };
  const [dictBefore, dictAfter] = [before.resolve(form.old), after.resolve(form.now)];
  if (form.old instanceof PdfRef) changed.delete(form.old.number);
  if (dictBefore instanceof PdfDict || dictAfter instanceof PdfDict) {
    const [a, b] = [asDict(dictBefore), asDict(dictAfter)];
    for (const key of changedKeys([a, before], [b, after])) {
      if (!FORM_KEYS.has(key)) judgement.forbidden.add(`The form was changed ("${key}").`);
    }
    claimArray(pair, a.get('Fields'), form.old instanceof PdfRef ? form.old : before.rootRef, judgement);
  }
  for (const [number, field] of old) {
    if (changed.delete(number)) judgeField(pair, field, rules, judgement);
    claimAppearances(pair, field, judgement);
  }
  return addedSignatures(pair, { old, permission: rules.permission }, judgement);
}

const asDict = (object: PdfObject): PdfDict => (object instanceof PdfDict ? object : new PdfDict());

/** An array that stands by itself; what it holds is compared by those who need it. */
function claimArray(
  { changed }: RevisionPair,
  list: PdfObject | undefined,
  holder: PdfRef,
  judgement: Judgement,
): void {
  if (list instanceof PdfRef && changed.delete(list.number)) judgement.claim(list.number, holder.number);
}

function judgeField(
  { before, after }: RevisionPair,
  field: FormField,
  { permission, isLocked }: FormRules,
  judgement: Judgement,
): void {
  const now = after.get(field.ref.number);
  const keys = now instanceof PdfDict ? changedKeys([field.dict, before], [now, after]) : ['*'];
  if (field.type === 'Sig' && field.dict.has('V')) {
    judgement.forbidden.add(`The signature "${field.name}" was changed or taken away.`);
  } else if (!keys.every((key) => VALUE_KEYS.has(key))) {
    judgement.forbidden.add(`The field "${field.name}" was changed in more than its value.`);
  } else if (isLocked(field.name)) {
    judgement.forbidden.add(`The field "${field.name}" was changed, which the signature forbids.`);
  } else if (field.type === 'Sig' && now instanceof PdfDict) {
    judgeSignature(after, now, { name: field.name, permission }, judgement);
  } else {
    const list = permission === 1 ? judgement.forbidden : judgement.allowed;
    list.add(`The field "${field.name}" was filled in.`);
  }
}

/** Streams of an appearance may be drawn anew in their place, unless that of a signature. */
function claimAppearances({ before, changed }: RevisionPair, field: FormField, judgement: Judgement): void {
  if (changed.size === 0 || (field.type === 'Sig' && field.dict.has('V'))) return;
  const states: { object: PdfObject | undefined; holder: number }[] = [];
  const appearance = field.dict.get('AP');
  const holder = appearance instanceof PdfRef ? appearance.number : field.ref.number;
  if (appearance instanceof PdfRef && changed.delete(appearance.number)) {
    judgement.claim(appearance.number, field.ref.number);
  }
  for (const object of asDict(before.resolve(appearance)).values()) {
    states.push({ object, holder });
    const dict = before.resolve(object);
    const inner = object instanceof PdfRef ? object.number : holder;
    if (dict instanceof PdfDict)
      for (const state of dict.values()) states.push({ object: state, holder: inner });
  }
  for (const { object, holder: from } of states) {
    if (!(object instanceof PdfRef) || !(before.resolve(object) instanceof PdfStream)) continue;
    if (changed.delete(object.number)) judgement.claim(object.number, from);
  }
}

function addedSignatures(
  { before, after }: RevisionPair,
  { old, permission }: { old: ReadonlyMap<number, FormField>; permission: number | undefined },
  judgement: Judgement,
): Set<number> {
  const added = new Set<number>();
  const seen = new Set<number>();
  for (const field of formFields(after)) {
    const { ref, type, dict, name } = field;
    seen.add(ref.number);
    if (old.has(ref.number)) continue;
    // One that the signed revision had for something else is no new field.
    const isNew = before.get(ref.number) === null;
    const parent = dict.get('Parent');
    const isPart = field.isWidgetOnly && parent instanceof PdfRef && added.has(parent.number);
    if (isNew && isPart) added.add(ref.number);
    else if (!isNew || type !== 'Sig' || field.isWidgetOnly) {
      judgement.forbidden.add(`The form got a field ("${name}").`);
    } else {
      added.add(ref.number);
      judgeSignature(after, dict, { name, permission }, judgement);
    }
  }
  for (const [number, { name }] of old) {
    if (!seen.has(number)) judgement.forbidden.add(`The field "${name}" was taken away.`);
  }
  return added;
}

function judgeSignature(
  after: PdfDocument,
  field: PdfDict,
  { name, permission }: { name: string; permission: number | undefined },
  judgement: Judgement,
): void {
  const dict = after.dictAt(field, 'V');
  if (dict === undefined) {
    const list = permission === 1 ? judgement.forbidden : judgement.allowed;
    list.add(`A field for a signature was added ("${name}").`);
  } else if (isTimeStamp(dict)) judgement.allowed.add(`A time stamp of the document was added ("${name}").`);
  else if (permission === 1)
    judgement.forbidden.add(`It was signed again ("${name}"), which the certification forbids.`);
  else judgement.allowed.add(`It was signed again ("${name}").`);
}
