/** The codes that content shows as text, each with its font. */
import { ContentScanner, operator } from '../../content/content-scanner.ts';
import { HEX } from '../../revision/hexadecimal.ts';
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

/** Follows the font of a content stream. */
export class ShownText {
  /** The one that is set. */
  font: TextFont | undefined;
  readonly #fontOf: (name: string) => TextFont | undefined;
  readonly #saved: (TextFont | undefined)[] = [];

  /** `fontOf` finds a font by its resource name. */
  constructor(fontOf: (name: string) => TextFont | undefined) {
    this.#fontOf = fontOf;
  }

  /** Whether the operation shows text. Throws PdfSyntaxError. */
  take(scanner: ContentScanner): boolean {
    switch (scanner.code) {
      case SAVE:
        if (this.#saved.length < MOST_NESTED) this.#saved.push(this.font);
        return false;
      case RESTORE:
        if (this.#saved.length > 0) this.font = this.#saved.pop();
        return false;
      case SET_FONT: {
        const [name] = operandsOf(scanner);
        this.font = name instanceof PdfName ? this.#fontOf(name.name) : undefined;
        return false;
      }
      default:
        return SHOWS.has(scanner.code);
    }
  }

  /** Tells of each code that an operation shows, which `take` found to show text. Throws PdfSyntaxError. */
  eachCode(scanner: ContentScanner, tell: (code: number) => void): void {
    const { width } = this.font ?? { width: 1 };
    const { bytes, start, operatorStart } = scanner;
    const digits = width * 2;
    for (let at = start; at < operatorStart; at += 1) {
      if (bytes[at] === LITERAL) {
        eachOfStrings(operandsOf(scanner), width, tell);
        return;
      }
      if (bytes[at] !== HEXADECIMAL) continue;
      let code = 0;
      let count = 0;
      // Hexadecimal strings, as Chromium writes all of them, are read where they stand.
      for (at += 1; bytes[at] !== END_OF_HEXADECIMAL && at < operatorStart; at += 1) {
        const value = HEX[bytes[at] as number] as number;
        if (value < 0) continue;
        code = code * 16 + value;
        count += 1;
        if (count < digits) continue;
        tell(code);
        code = 0;
        count = 0;
      }
      // A missing last digit is 0 (ISO 32000-2 §7.3.4.3); half a code shows nothing.
      if (width === 1 && count === 1) tell(code * 16);
    }
  }
}

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
  const text = new ShownText(fontOf);
  const marks: boolean[] = [];
  while (scanner.next()) {
    if (text.take(scanner)) {
      const { font } = text;
      if (font === undefined) continue;
      const codes: number[] = [];
      text.eachCode(scanner, (code) => codes.push(code));
      yield { font, codes, isReplaced: marks.includes(true), start: scanner.start, end: scanner.end };
    } else if (scanner.code === BEGIN_MARK || scanner.code === BEGIN_MARK_WITH_PROPERTIES) {
      if (marks.length < MOST_NESTED) marks.push(isReplaced(operandsOf(scanner)));
    } else if (scanner.code === END_MARK) marks.pop();
  }
}

const SAVE = operator('q');
const RESTORE = operator('Q');
const SET_FONT = operator('Tf');
const BEGIN_MARK = operator('BMC');
const BEGIN_MARK_WITH_PROPERTIES = operator('BDC');
const END_MARK = operator('EMC');
const SHOWS: ReadonlySet<number> = new Set(['Tj', 'TJ', "'", '"'].map(operator));

function operandsOf({ bytes, start, operatorStart }: ContentScanner): PdfObject[] {
  const lexer = new Lexer(bytes.subarray(start, operatorStart));
  const operands: PdfObject[] = [];
  for (;;) {
    lexer.skipWhite();
    if (lexer.position >= operatorStart - start) return operands;
    operands.push(parseObject(lexer));
  }
}

const LITERAL = 0x28;
const HEXADECIMAL = 0x3c;
const END_OF_HEXADECIMAL = 0x3e;
function eachOfStrings(operands: readonly PdfObject[], width: number, tell: (code: number) => void): void {
  for (const item of operands.flat(1)) {
    if (!(item instanceof PdfString)) continue;
    const { bytes } = item;
    for (let at = 0; at + width <= bytes.length; at += width) {
      tell(width === 1 ? (bytes[at] ?? 0) : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }
}
