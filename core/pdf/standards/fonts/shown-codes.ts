/** The codes that content shows as text, each with its font. */
import { ContentScanner, operator } from '../../content/content-scanner.ts';
import { Lexer } from '../../revision/lexer.ts';
import { PdfName, PdfString, type PdfObject } from '../../revision/objects.ts';
import { parseObject } from '../../revision/parser.ts';
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
  const scanner = new ContentScanner(content);
  const states: (TextFont | undefined)[] = [];
  const marks: boolean[] = [];
  let font: TextFont | undefined;
  while (scanner.next()) {
    switch (scanner.code) {
      case SAVE:
        if (states.length < MOST_NESTED) states.push(font);
        break;
      case RESTORE:
        font = states.length > 0 ? states.pop() : font;
        break;
      case SET_FONT: {
        const [name] = operandsOf(scanner);
        font = name instanceof PdfName ? fontOf(name.name) : undefined;
        break;
      }
      case BEGIN_MARK:
      case BEGIN_MARK_WITH_PROPERTIES:
        if (marks.length < MOST_NESTED) marks.push(isReplaced(operandsOf(scanner)));
        break;
      case END_MARK:
        marks.pop();
        break;
      case SHOW:
      case SHOW_SPACED:
      case SHOW_NEXT_LINE:
      case SHOW_WITH_SPACING: {
        if (font === undefined) break;
        const codes = codesOf(scanner, font.width);
        yield { font, codes, isReplaced: marks.includes(true), start: scanner.start, end: scanner.end };
        break;
      }
    }
  }
}

const SAVE = operator('q');
const RESTORE = operator('Q');
const SET_FONT = operator('Tf');
const BEGIN_MARK = operator('BMC');
const BEGIN_MARK_WITH_PROPERTIES = operator('BDC');
const END_MARK = operator('EMC');
const SHOW = operator('Tj');
const SHOW_SPACED = operator('TJ');
const SHOW_NEXT_LINE = operator("'");
const SHOW_WITH_SPACING = operator('"');

function operandsOf({ bytes, start, operatorStart }: ContentScanner): PdfObject[] {
  const lexer = new Lexer(bytes.subarray(start, operatorStart));
  const operands: PdfObject[] = [];
  for (;;) {
    lexer.skipWhite();
    if (lexer.position >= operatorStart - start) return operands;
    operands.push(parseObject(lexer));
  }
}

/** Hexadecimal strings, as Chromium writes all of them, are read where they stand. */
function codesOf(scanner: ContentScanner, width: 1 | 2): number[] {
  const { bytes, start, operatorStart } = scanner;
  const codes: number[] = [];
  const digits = width * 2;
  for (let at = start; at < operatorStart; at += 1) {
    if (bytes[at] === LITERAL) return codesOfStrings(operandsOf(scanner), width);
    if (bytes[at] !== HEXADECIMAL) continue;
    let code = 0;
    let count = 0;
    for (at += 1; bytes[at] !== END_OF_HEXADECIMAL && at < operatorStart; at += 1) {
      const value = HEX[bytes[at] as number] as number;
      if (value < 0) continue;
      code = code * 16 + value;
      count += 1;
      if (count < digits) continue;
      codes.push(code);
      code = 0;
      count = 0;
    }
    // A missing last digit is 0 (ISO 32000-2 §7.3.4.3); half a code shows nothing.
    if (width === 1 && count === 1) codes.push(code * 16);
  }
  return codes;
}

const LITERAL = 0x28;
const HEXADECIMAL = 0x3c;
const END_OF_HEXADECIMAL = 0x3e;
/** The value of each digit, -1 for other bytes. */
const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

function codesOfStrings(operands: readonly PdfObject[], width: 1 | 2): number[] {
  const codes: number[] = [];
  for (const item of operands.flat(1)) {
    if (!(item instanceof PdfString)) continue;
    const { bytes } = item;
    if (width === 1) for (const byte of bytes) codes.push(byte);
    else {
      for (let at = 0; at + 1 < bytes.length; at += 2)
        codes.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }
  return codes;
}
