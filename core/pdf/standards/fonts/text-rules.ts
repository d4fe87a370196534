/** Which of the rules about shown text hold for the standards of a document, with their clauses. */
import { pdfaName, type Standards } from '../model.ts';

export interface RuleName {
  readonly standard: string;
  readonly rule: string;
}

export interface TextRules {
  /** The glyph of missing characters must not be shown. */
  readonly notdef: readonly RuleName[];
  /** Every code must stand for text. */
  readonly mapped: readonly RuleName[];
  /** That text must not be U+0000, U+FEFF or U+FFFE. */
  readonly meaningful: readonly RuleName[];
  /** What stands for characters of private use needs an ActualText. */
  readonly explained: readonly RuleName[];
}

export function textRules({ pdfa, ua }: Standards): TextRules {
  const archive = (rule: string | undefined): RuleName[] =>
    pdfa === undefined || rule === undefined ? [] : [{ standard: pdfaName(pdfa), rule }];
  const access = (one: string, two: string): RuleName[] =>
    ua === undefined ? [] : [{ standard: `pdf/ua-${ua}`, rule: ua === 1 ? one : two }];
  const { part, conformance } = pdfa ?? { part: undefined, conformance: undefined };
  const isLater = part === 2 || part === 3;
  const isUnicode = conformance === 'A' || conformance === 'U';
  const notdef = { 2: '6.2.11.8-1', 3: '6.2.11.8-1', 4: '6.2.10.9-1' } as const;
  return {
    notdef: [
      ...archive(part === undefined || part === 1 ? undefined : notdef[part]),
      ...access('7.21.8-1', '8.4.5.9-1'),
    ],
    mapped: [
      ...archive(isUnicode ? (isLater ? '6.2.11.7.2-1' : '6.3.8-1') : undefined),
      ...access('7.21.7-1', '8.4.5.8-1'),
    ],
    meaningful: [
      ...archive(part === 4 ? '6.2.10.7-1' : isLater && isUnicode ? '6.2.11.7.2-2' : undefined),
      ...access('7.21.7-2', '8.4.5.8-2'),
    ],
    explained: [
      ...archive(isLater && conformance === 'A' ? '6.2.11.7.3-1' : undefined),
      ...(ua === 2 ? access('', '8.4.3-1') : []),
    ],
  };
}
