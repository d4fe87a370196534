/** The text of marked content, and where it begins. */
import { PdfString } from '../revision/objects.ts';
import { Lexer } from '../revision/lexer.ts';
import { parseObject } from '../revision/parser.ts';
import { ContentScanner, operator } from './content-scanner.ts';
import type { ToUnicode } from './to-unicode.ts';

/** Default user space: points from the lower left corner of the page. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface MarkedText {
  readonly text: string;
  /** Where its first glyph or its first image stands, in the space in which the stream begins. */
  readonly place: Place | undefined;
}

type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** By MCID. Lines are joined with a space. Throws PdfSyntaxError. */
export function markedText(
  bytes: Uint8Array,
  fontOf: (name: string) => ToUnicode | undefined,
): Map<number, MarkedText> {
  const reader = new MarkedTextReader(fontOf);
  const scanner = new ContentScanner(bytes);
  while (scanner.next()) reader.take(scanner);
  return reader.texts;
}

class MarkedTextReader {
  readonly texts = new Map<number, MarkedText>();
  readonly #fontOf: (name: string) => ToUnicode | undefined;
  readonly #marks: number[] = [];
  readonly #saved: Matrix[] = [];
  #matrix = IDENTITY;
  #line = IDENTITY;
  #font: ToUnicode | undefined;
  #size = 1;
  #text = '';
  #place: Place | undefined;
  /** Height at which the last string of this content stands, in text space. */
  #height: number | undefined;

  constructor(fontOf: (name: string) => ToUnicode | undefined) {
    this.#fontOf = fontOf;
  }

  take(scanner: ContentScanner): void {
    switch (scanner.code) {
      case BDC:
      case BMC:
        this.#marks.push(scanner.code === BDC ? scanner.markedContentId() : -1);
        if (this.#marks.length === 1) {
          this.#text = '';
          this.#place = undefined;
          this.#height = undefined;
        }
        break;
      case EMC:
        this.#end();
        break;
      case SAVE:
        this.#saved.push(this.#matrix);
        break;
      case RESTORE:
        this.#matrix = this.#saved.pop() ?? this.#matrix;
        break;
      case CM:
        this.#matrix = product(matrixOf(scanner.numbers()), this.#matrix);
        break;
      case BT:
        this.#line = IDENTITY;
        break;
      case TF:
        this.#font = this.#fontOf(scanner.name());
        this.#size = scanner.numbers().at(-1) ?? 1;
        break;
      case TM:
        this.#line = matrixOf(scanner.numbers());
        break;
      case TD:
      case TD_LEADING: {
        const [x = 0, y = 0] = scanner.numbers();
        this.#line = product([1, 0, 0, 1, x, y], this.#line);
        break;
      }
      case DO:
      case EI:
        if (this.#marks.length > 0) this.#place ??= cornerOf(this.#matrix);
        break;
      case TJ:
      case TJ_ARRAY:
      case QUOTE:
      case DOUBLE_QUOTE:
        if (this.#marks.length > 0) this.#show(scanner);
    }
  }

  #show({ bytes, start, operatorStart }: ContentScanner): void {
    const place = product(this.#line, this.#matrix);
    this.#place ??= { x: place[4], y: place[5] };
    const height = this.#line[5];
    const isNewLine = this.#height !== undefined && Math.abs(height - this.#height) > this.#size * 0.8;
    if (isNewLine && !/\s$/.test(this.#text)) this.#text += ' ';
    this.#height = height;
    for (const string of stringsIn(bytes.subarray(start, operatorStart))) {
      this.#text += this.#font?.textOf(string.bytes) ?? '';
    }
  }

  #end(): void {
    const mcid = this.#marks.pop();
    if (mcid === undefined || this.#marks.length > 0 || mcid < 0) return;
    this.texts.set(mcid, { text: this.#text, place: this.#place });
  }
}

function stringsIn(bytes: Uint8Array): PdfString[] {
  const found: PdfString[] = [];
  const lexer = new Lexer(bytes);
  lexer.skipWhite();
  while (lexer.position < bytes.length) {
    const object = parseObject(lexer);
    for (const item of Array.isArray(object) ? object : [object])
      if (item instanceof PdfString) found.push(item);
    lexer.skipWhite();
  }
  return found;
}

const matrixOf = ([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]): Matrix => [
  a,
  b,
  c,
  d,
  e,
  f,
];

/** The upper left corner of the unit square, in which images stand (ISO 32000-2 §8.9.5). */
const cornerOf = ([, , c, d, e, f]: Matrix): Place => ({ x: e + Math.min(0, c), y: Math.max(f, f + d) });

function product(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
}

const [BDC, BMC, EMC, SAVE, RESTORE, CM] = ['BDC', 'BMC', 'EMC', 'q', 'Q', 'cm'].map(operator);
const [BT, TF, TM, TD, TD_LEADING, DO, EI] = ['BT', 'Tf', 'Tm', 'Td', 'TD', 'Do', 'EI'].map(operator);
const [TJ, TJ_ARRAY, QUOTE, DOUBLE_QUOTE] = ['Tj', 'TJ', "'", '"'].map(operator);
