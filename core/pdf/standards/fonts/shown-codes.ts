/** The codes that content shows as text, each with its font. */
import { ContentReader } from '../../content/content-reader.ts';
import { PdfName, PdfString, type PdfObject } from '../../revision/objects.ts';
import type { TextFont } from './text-font.ts';

export interface ShownRun {
  readonly font: TextFont;
  readonly codes: readonly number[];
  /** Within marked content that has an ActualText of its own. */
  readonly isReplaced: boolean;
  /** Offsets of the operation in the content. */
  readonly start: number;
  readonly end: number;
}

const MOST_NESTED = 10_000;

/** `fontOf` finds a font by its resource name. Throws PdfSyntaxError. */
export function* shownRuns(
  content: Uint8Array,
  {
    fontOf,
    isReplaced,
  }: {
    readonly fontOf: (name: string) => TextFont | undefined;
    /** Whether the operands of a `BDC` bring an ActualText. */
    readonly isReplaced: (operands: readonly PdfObject[]) => boolean;
  },
): Generator<ShownRun> {
  const reader = new ContentReader(content);
  const states: (TextFont | undefined)[] = [];
  const marks: boolean[] = [];
  let font: TextFont | undefined;
  while (reader.next()) {
    switch (reader.operator) {
      case 'q':
        if (states.length < MOST_NESTED) states.push(font);
        break;
      case 'Q':
        font = states.length > 0 ? states.pop() : font;
        break;
      case 'Tf': {
        const [name] = reader.operands;
        font = name instanceof PdfName ? fontOf(name.name) : undefined;
        break;
      }
      case 'BMC':
      case 'BDC':
        if (marks.length < MOST_NESTED) marks.push(isReplaced(reader.operands));
        break;
      case 'EMC':
        marks.pop();
        break;
      case 'Tj':
      case 'TJ':
      case "'":
      case '"': {
        if (font === undefined) break;
        const codes = codesOf(reader.operands, font.width);
        yield { font, codes, isReplaced: marks.includes(true), start: reader.start, end: reader.end };
        break;
      }
    }
  }
}

function codesOf(operands: readonly PdfObject[], width: 1 | 2): number[] {
  const codes: number[] = [];
  for (const item of operands.flat(1)) {
    if (!(item instanceof PdfString)) continue;
    const { bytes } = item;
    if (width === 1) codes.push(...bytes);
    else {
      for (let at = 0; at + 1 < bytes.length; at += 2)
        codes.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }
  return codes;
}
