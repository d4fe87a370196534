/** Our checker before the judges: it has to say of every file what they say. */
import { readFileSync } from 'node:fs';
import type { PdfStandard } from '../../contract/standard.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../core/pdf/standards/check/check-conformance.ts';
import { flavourOf } from './levels.ts';

/** Rules that our checker finds broken, by veraPDF's name of the standard; none where the file conforms. */
export function ownVerdicts(file: string, standards: readonly PdfStandard[]): Map<string, readonly string[]> {
  const reader = PdfReader.open(memorySource(readFileSync(file)));
  return new Map(
    checkConformance(reader, standards).map(({ standard, conformant, violations }) => [
      flavourOf(standard),
      conformant ? [] : violations.map(({ rule }) => rule),
    ]),
  );
}

export interface Disagreement {
  readonly flavour: string;
  readonly ours: string;
  readonly verapdf: string;
}

const words = (rules: readonly string[]): string => (rules.length === 0 ? 'pass' : rules.join(' '));

/** Where one passes a file and the other does not. */
export function disagreements(
  ours: ReadonlyMap<string, readonly string[]>,
  verapdf: ReadonlyMap<string, readonly string[]>,
): Disagreement[] {
  return [...verapdf].flatMap(([flavour, rules]) => {
    const own = ours.get(flavour) ?? ['not checked'];
    if ((own.length === 0) === (rules.length === 0)) return [];
    return [{ flavour, ours: words(own), verapdf: words(rules) }];
  });
}

/** Info against XMP: what there is to compare when there is no XMP is a matter of taste. */
const INFO_RULE = /^6\.7\.3-\d$/;

/** Rules that only one of them finds, for files that meet no standard anyway. */
export function differences(
  ours: ReadonlyMap<string, readonly string[]>,
  verapdf: ReadonlyMap<string, readonly string[]>,
): Disagreement[] {
  return [...verapdf].flatMap(([flavour, rules]) => {
    const own = ours.get(flavour) ?? ['not checked'];
    const only = (some: readonly string[], others: readonly string[]): string[] =>
      some.filter((rule) => !others.includes(rule) && !INFO_RULE.test(rule));
    const [more, less] = [only(own, rules), only(rules, own)];
    return more.length + less.length === 0 ? [] : [{ flavour, ours: words(more), verapdf: words(less) }];
  });
}
