/** Digital signatures (ISO 19005-2 §6.4.3, §6.1.12). */
import { PdfRef, type PdfDict } from '../../../revision/objects.ts';
import { cmsShape } from '../cms-shape.ts';
import type { Facts } from '../facts.ts';
import { formFields } from '../form-fields.ts';
import { rule, type Place, type Rule } from '../rule.ts';
import { coveredRange } from '../signed-ranges.ts';

interface Signature {
  readonly dict: PdfDict;
  /** Of the signature dictionary, when it is one of its own. */
  readonly object: number | undefined;
  readonly place: Place;
}

function signatures(facts: Facts): readonly Signature[] {
  return facts.once('signatures', () =>
    formFields(facts).flatMap(({ dict, type, place }) => {
      const value = dict.get('V');
      const signature = type === 'Sig' ? facts.file.dict(value) : undefined;
      if (signature === undefined) return [];
      const object = value instanceof PdfRef ? value.number : undefined;
      return [{ dict: signature, object, place: object === undefined ? place : { object } }];
    }),
  );
}

const coverage = rule({ a23: '6.4.3-1' }, ({ facts, report }) => {
  for (const { dict, object, place } of signatures(facts)) {
    const stated = facts.file.array(dict.get('ByteRange'))?.map((item) => facts.file.integer(item) ?? -1);
    const range = object === undefined ? undefined : coveredRange(facts, object);
    const [start, first, second, length = -1] = stated ?? [];
    const isCovered =
      range !== undefined &&
      start === 0 &&
      first === range.contentsStart &&
      second === range.contentsEnd &&
      length >= range.least &&
      length <= range.most;
    if (!isCovered) report('A signature does not cover the whole file around itself (/ByteRange).', place);
  }
});

const certificate = rule({ a23: '6.4.3-2' }, ({ facts, report }) => {
  for (const { dict, place } of signatures(facts)) {
    const contents = facts.file.string(dict.get('Contents'));
    if (contents !== undefined && (cmsShape(contents.bytes)?.certificates ?? 0) === 0) {
      report('A signature has no certificate of its signer.', place);
    }
  }
});

const oneSigner = rule({ a23: '6.4.3-3' }, ({ facts, report }) => {
  for (const { dict, place } of signatures(facts)) {
    const contents = facts.file.string(dict.get('Contents'));
    if (contents !== undefined && cmsShape(contents.bytes)?.signers !== 1) {
      report('A signature has not exactly one signer.', place);
    }
  }
});

const DIGESTS = ['DigestLocation', 'DigestMethod', 'DigestValue'];

const certification = rule({ a23: '6.1.12-2' }, ({ facts, report }) => {
  const { file } = facts;
  if (file.dictOrStream(facts.catalog.get('Perms'))?.has('DocMDP') !== true) return;
  for (const { dict, place } of signatures(facts)) {
    for (const item of file.array(dict.get('Reference')) ?? []) {
      const reference = file.dict(item);
      if (DIGESTS.some((key) => reference?.has(key) === true)) {
        report('The reference of a certifying signature has a digest of its own.', place);
      }
    }
  }
});

export const SIGNATURES: readonly Rule[] = [coverage, certificate, oneSigner, certification];
