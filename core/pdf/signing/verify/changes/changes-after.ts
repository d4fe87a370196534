/**
 * What was done to a document behind the bytes of a signature, and whether the signature bears it (ISO 32000-2 §12.8.2.2):
 * proof for later, time stamps, further signatures, filling in; everything else changes what was signed.
 */
import { PdfDocument } from '../../../revision/document.ts';
import type { ByteSource } from '../../../revision/byte-source.ts';
import { PdfRef, PdfStream } from '../../../revision/objects.ts';
import { InfluxionError } from '../../../../error.ts';
import { firstBytes, isEnd } from '../signed-range.ts';
import { judgeForm, type FormRules } from './form-changes.ts';
import { Judgement } from './judgement.ts';
import { judgePages } from './page-changes.ts';
import { holdersOf, pairRevisions, referencesIn, Unjudgeable, type RevisionPair } from './revision-pair.ts';
import { changedKeys } from './same-object.ts';
import { judgeStructure } from './structure-changes.ts';

export interface Changes {
  readonly verdict: 'none' | 'allowed' | 'forbidden';
  /** Sentences; those of forbidden changes first. */
  readonly words: readonly string[];
}

export interface ChangeQuestion {
  readonly source: ByteSource;
  /** The document as it is now. */
  readonly after: PdfDocument;
  /** Where the signed bytes end. */
  readonly end: number;
  /** What a signature in the signed revision says about later changes. */
  readonly rules: (before: PdfDocument) => FormRules;
}

const NONE: Changes = { verdict: 'none', words: [] };

export function changesAfter({ source, after, end, rules }: ChangeQuestion): Changes {
  if (isEnd(source, end)) return NONE;
  try {
    const before = PdfDocument.open(firstBytes(source, end));
    return judge(pairRevisions(before, after), rules(before));
  } catch (error) {
    if (error instanceof Unjudgeable) return { verdict: 'forbidden', words: [error.message] };
    if (!InfluxionError.is(error) || error.code !== 'PDF_DAMAGED') throw error;
    return { verdict: 'forbidden', words: ['What was signed, or what was added to it, is not a whole PDF.'] };
  }
}

function judge(pair: RevisionPair, rules: FormRules): Changes {
  const { before, after, changed } = pair;
  const judgement = new Judgement();
  if (before.rootRef.number !== after.rootRef.number) {
    throw new Unjudgeable('The document was replaced: it has another catalog.');
  }
  judgeCatalog(pair, judgement);
  judgeStore(pair, judgement);
  judgeMetadata(pair, judgement);
  const widgets = judgeForm(pair, rules, judgement);
  judgePages(pair, { widgets, annotationsAllowed: rules.permission === 3 }, judgement);
  judgeStructure(pair, judgement);
  for (const number of changed) judgement.forbidden.add(`Object ${number} of the document was changed.`);
  judgeReferences(pair, judgement);
  const { forbidden, allowed } = judgement;
  if (forbidden.size > 0) return { verdict: 'forbidden', words: [...few(forbidden), ...few(allowed)] };
  return { verdict: 'allowed', words: few(allowed) };
}

const MOST_WORDS = 50;

function few(words: ReadonlySet<string>): string[] {
  const list = [...words];
  return list.length <= MOST_WORDS
    ? list
    : [...list.slice(0, MOST_WORDS), `There are ${list.length - MOST_WORDS} more.`];
}

/** Entries of the catalog that others judge, or that say nothing about what a page shows. */
const OPEN_KEYS: ReadonlySet<string> = new Set(['AcroForm', 'DSS', 'Metadata', 'Extensions', 'Version']);

function judgeCatalog({ before, after, changed }: RevisionPair, judgement: Judgement): void {
  changed.delete(before.rootRef.number);
  for (const key of changedKeys([before.root, before], [after.root, after])) {
    if (!OPEN_KEYS.has(key)) judgement.forbidden.add(`The document was changed ("${key}" of its catalog).`);
  }
}

const DEEPEST = 6;

/** The security store may grow and change; what it proves is checked for itself. */
function judgeStore({ before, after, changed }: RevisionPair, judgement: Judgement): void {
  const [old, now] = [before.root.get('DSS'), after.root.get('DSS')];
  if (now === undefined && old === undefined) return;
  const parts = new Set<number>();
  const open: [number, number][] = [...referencesIn(old ?? null)].map((number) => [number, 0]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [number, depth] = next;
    if (parts.has(number) || depth > DEEPEST) continue;
    parts.add(number);
    for (const inner of referencesIn(before.get(number))) open.push([inner, depth + 1]);
  }
  let isChanged =
    old === undefined || !(old instanceof PdfRef) || !(now instanceof PdfRef) || old.number !== now.number;
  for (const number of parts) {
    if (!changed.delete(number)) continue;
    judgement.claim(number, ...parts, before.rootRef.number);
    isChanged = true;
  }
  if (isChanged) judgement.allowed.add('Proof of the validity of signatures was added (DSS).');
}

/** What a document says about itself is not what it shows. */
function judgeMetadata({ before, after, changed }: RevisionPair, judgement: Judgement): void {
  const metadata = before.root.get('Metadata');
  const info = before.trailer.get('Info');
  let isChanged = false;
  if (metadata instanceof PdfRef) {
    const now = after.root.get('Metadata');
    isChanged = !(now instanceof PdfRef) || now.number !== metadata.number;
    if (before.get(metadata.number) instanceof PdfStream && changed.delete(metadata.number)) {
      judgement.claim(metadata.number, before.rootRef.number);
      isChanged = true;
    }
  } else isChanged = after.root.has('Metadata');
  if (info instanceof PdfRef && changed.delete(info.number)) {
    judgement.claim(info.number);
    isChanged = true;
  }
  if (isChanged) judgement.allowed.add('The metadata was changed.');
}

/**
 * An object that was changed in its place must not be something else as well, nor may a number that the signed revision names
 * but leaves free be given an object: documents are prepared like that to be changed unseen once they are signed.
 */
function judgeReferences({ before, filled }: RevisionPair, judgement: Judgement): void {
  const wanted = new Set([...judgement.claims.keys(), ...filled]);
  if (wanted.size === 0) return;
  for (const [number, holders] of holdersOf(before, wanted)) {
    const allowed = judgement.claims.get(number);
    if (allowed !== undefined && [...holders].every((holder) => allowed.has(holder))) continue;
    judgement.forbidden.add(`Object ${number} of the document was changed.`);
  }
}
