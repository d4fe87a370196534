/** The standards that are checked, taken apart the way the rules need them. */
import type { PdfStandard } from '../../../../contract/standard.ts';
import { standardsFrom, type PdfALevel, type PdfAPart } from '../model.ts';

/** A part of ISO 19005 or ISO 14289: each numbers its clauses by itself. */
export type Series = 'a1' | 'a2' | 'a3' | 'a4' | 'ua1' | 'ua2';

export interface Level {
  readonly name: PdfStandard;
  readonly series: Series;
  readonly part: PdfAPart | undefined;
  readonly conformance: PdfALevel['conformance'];
  readonly ua: 1 | 2 | undefined;
  /** Builds on ISO 32000-2: PDF/A-4 and PDF/UA-2. */
  readonly isPdf2: boolean;
}

export function levelOf(name: PdfStandard): Level {
  const { pdfa, ua } = standardsFrom([name]);
  const series: Series = pdfa === undefined ? (ua === 2 ? 'ua2' : 'ua1') : `a${pdfa.part}`;
  return {
    name,
    series,
    part: pdfa?.part,
    conformance: pdfa?.conformance,
    ua,
    isPdf2: series === 'a4' || series === 'ua2',
  };
}
