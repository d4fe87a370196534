/**
 * Brings the coordinates of long documents near: PDF/A-1 allows no real number beyond 32,767 (ISO 19005-1 §6.1.12). Chromium draws
 * all pages in one tall space and moves each into view, so that the numbers grow with every page. Where such a move begins, the
 * origin is put on the page instead, and what is drawn by coordinates follows; the picture stays the same to the last digit.
 */
import { isWhite } from '../revision/lexer.ts';
import type { ContentEdits } from './content-edits.ts';
import { ContentScanner, operator } from './content-scanner.ts';

const MOST = 32_767;

/** Throws PdfSyntaxError. */
export function nearCoordinates(bytes: Uint8Array, edits: ContentEdits): void {
  const walk = new CoordinateWalk(bytes, edits);
  const scanner = new ContentScanner(bytes);
  while (scanner.next()) walk.take(scanner);
}

/** How far the origin was put from where the content believes it is, in the space of the content. Whole numbers. */
interface Shift {
  readonly x: number;
  readonly y: number;
}

const NONE: Shift = { x: 0, y: 0 };

class CoordinateWalk {
  readonly #bytes: Uint8Array;
  readonly #edits: ContentEdits;
  readonly #saved: Shift[] = [];
  #shift = NONE;
  /** No operation has placed the text of this text object. */
  #isTextUnplaced = false;

  constructor(bytes: Uint8Array, edits: ContentEdits) {
    this.#bytes = bytes;
    this.#edits = edits;
  }

  take(scanner: ContentScanner): void {
    const { code } = scanner;
    if (code === SAVE) this.#saved.push(this.#shift);
    else if (code === RESTORE) this.#shift = this.#saved.pop() ?? NONE;
    else if (code === CM) this.#transform(scanner);
    else if (this.#shift !== NONE) this.#follow(scanner);
  }

  /** The space before is as it was for what comes after: a shift of it ends here, and a new one may begin. */
  #transform(scanner: ContentScanner): void {
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = scanner.numbers();
    const [x, y] = [e - this.#shift.x, f - this.#shift.y];
    const shift = Math.abs(x) > MOST || Math.abs(y) > MOST ? shiftFor([a, b, c, d], x, y) : NONE;
    if (shift === NONE && this.#shift === NONE) return;
    this.#shift = shift;
    const near = [x + shift.x * a + shift.y * c, y + shift.x * b + shift.y * d];
    this.#edits.replace(scanner.start, scanner.end, `${[a, b, c, d, ...near].map(numeral).join(' ')} cm`);
  }

  #follow(scanner: ContentScanner): void {
    const places = COORDINATES.get(scanner.code);
    if (places !== undefined) {
      this.#move(scanner, places);
      return;
    }
    const { x, y } = this.#shift;
    switch (scanner.code) {
      case BT:
        this.#isTextUnplaced = true;
        break;
      case TM:
        this.#isTextUnplaced = false;
        this.#move(scanner, [4]);
        break;
      case TD:
      case TD_LEADING:
        if (this.#isTextUnplaced) this.#move(scanner, [0]);
        this.#isTextUnplaced = false;
        break;
      case TJ:
      case TJ_ARRAY:
        if (this.#isTextUnplaced) this.#edits.insert(scanner.start, `${-x} ${-y} Td `);
        this.#isTextUnplaced = false;
        break;
      case DO:
      case EI:
      case SHADING:
        this.#edits.insert(scanner.start, `q 1 0 0 1 ${-x} ${-y} cm `);
        this.#edits.insert(scanner.end, ' Q');
    }
  }

  /** `places`: which operands begin a pair of coordinates. */
  #move({ start, operatorStart }: ContentScanner, places: readonly number[]): void {
    const bytes = this.#bytes;
    let index = 0;
    for (let at = start; at < operatorStart;) {
      while (at < operatorStart && isWhite(bytes[at])) at += 1;
      const from = at;
      while (at < operatorStart && !isWhite(bytes[at])) at += 1;
      const by = places.includes(index) ? this.#shift.x : places.includes(index - 1) ? this.#shift.y : 0;
      if (by !== 0 && at > from) {
        const text = Buffer.from(bytes.subarray(from, at)).toString('latin1');
        const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
        this.#edits.replace(from, at, (Number(text) - by).toFixed(decimals));
      }
      index += 1;
    }
  }
}

/** The shift after which a transformation moves by hardly anything; none for one that flattens. */
function shiftFor([a, b, c, d]: readonly [number, number, number, number], x: number, y: number): Shift {
  const determinant = a * d - b * c;
  const shift = {
    x: Math.round((c * y - d * x) / determinant),
    y: Math.round((b * x - a * y) / determinant),
  };
  if (b === 0 && c === 0 && Math.abs(x) <= MOST) shift.x = 0;
  if (b === 0 && c === 0 && Math.abs(y) <= MOST) shift.y = 0;
  return Number.isFinite(shift.x) && Number.isFinite(shift.y) ? shift : NONE;
}

const numeral = (value: number): string => value.toFixed(7).replace(/\.?0+$/, '') || '0';

const [SAVE, RESTORE, CM, BT, TM, TD] = ['q', 'Q', 'cm', 'BT', 'Tm', 'Td'].map(operator);
const [TD_LEADING, TJ, TJ_ARRAY, DO, EI, SHADING] = ['TD', 'Tj', 'TJ', 'Do', 'EI', 'sh'].map(operator);

/** Operands that begin a pair of coordinates, by operator. */
const COORDINATES = new Map<number, readonly number[]>([
  [operator('m'), [0]],
  [operator('l'), [0]],
  [operator('c'), [0, 2, 4]],
  [operator('v'), [0, 2]],
  [operator('y'), [0, 2]],
  [operator('re'), [0]],
]);
