/** Sets a line such as "Page 3 of 120" on a page, as an artifact that no reader reads aloud (ISO 32000-2 §14.8.2.2). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InfluxionError } from '../../error.ts';
import { numberOf, type PdfObject, type PdfRef } from '../revision/objects.ts';
import { addFont } from '../signing/appearance/pdf-font.ts';
import { readTrueType, type TrueType } from '../signing/appearance/true-type.ts';
import type { PageStamp } from './merge-task.ts';
import type { OutputFile } from './output-file.ts';

const FILE = 'Arimo-Regular.ttf';
const PAGE = '{page}';
const PAGES = '{pages}';

export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export class Stamper {
  /** The font, for the resources of a page. */
  readonly font: PdfRef;
  readonly #stamp: PageStamp;
  readonly #pages: number;
  readonly #face: TrueType;
  /** Characters have the codes 1, 2, … in this order. */
  readonly #characters: readonly string[];

  /** Reads the font and adds it. Errors: VALIDATION_FAILED for characters that it lacks, those of the disk. */
  constructor(stamp: PageStamp, pages: number, { out, fontsFolder, isPdfA1 }: StamperOptions) {
    this.#stamp = stamp;
    this.#pages = pages;
    this.#face = readTrueType(readFileSync(path.join(fontsFolder, FILE)));
    const text = `${stamp.text.replaceAll(PAGE, '').replaceAll(PAGES, '')}0123456789`;
    this.#characters = Array.from(new Set(text));
    const missing = this.#characters.filter((character) => this.#glyph(character) === 0);
    if (missing.length > 0) {
      throw new InfluxionError(
        'VALIDATION_FAILED',
        `The text of the page numbers has characters that its font lacks: ${missing.join(' ')}`,
      );
    }
    this.font = addFont(out, {
      font: this.#face,
      characters: this.#characters.map((each) => ({ glyph: this.#glyph(each), text: each })),
      cidSet: isPdfA1,
    });
  }

  /** Content that follows that of the page. `font`: its name in the resources; `rotation`: of the page, in degrees. */
  content(page: number, box: Box, rotation: number, font: string): string {
    const { size, margin, place } = this.#stamp;
    const text = this.#stamp.text.replaceAll(PAGE, String(page)).replaceAll(PAGES, String(this.#pages));
    const [width, height] = [box.right - box.left, box.top - box.bottom];
    const isTurned = rotation % 180 !== 0;
    const [across, up] = isTurned ? [height, width] : [width, height];
    const room = across - 2 * margin - this.#widthOf(text);
    const x = margin + room * (place.endsWith('left') ? 0 : place.endsWith('right') ? 1 : 0.5);
    const y = place.startsWith('top') ? up - margin - this.#above() : margin + this.#below();
    const codes = Array.from(text, (each) => hex(this.#characters.indexOf(each) + 1)).join('');
    const matrix = matrixOf(rotation, box, x, y).map(points).join(' ');
    return `/Artifact <</Type /Pagination>> BDC q 0 g BT /${font} ${points(size)} Tf ${matrix} Tm <${codes}> Tj ET Q EMC\n`;
  }

  #glyph(character: string): number {
    return this.#face.glyphOf(character.codePointAt(0) ?? 0);
  }

  #widthOf(text: string): number {
    let units = 0;
    for (const each of text) units += this.#face.advanceOf(this.#glyph(each));
    return (units / this.#face.unitsPerEm) * this.#stamp.size;
  }

  #above(): number {
    return (this.#face.capHeight / this.#face.unitsPerEm) * this.#stamp.size;
  }

  #below(): number {
    return (-this.#face.descent / this.#face.unitsPerEm) * this.#stamp.size;
  }
}

export interface StamperOptions {
  readonly out: OutputFile;
  /** The shipped fonts. */
  readonly fontsFolder: string;
  readonly isPdfA1: boolean;
}

/** A point of the page as a reader sees it, in the coordinates of the page. */
function matrixOf(rotation: number, { left, bottom, right, top }: Box, x: number, y: number): number[] {
  switch (((rotation % 360) + 360) % 360) {
    case 90:
      return [0, 1, -1, 0, right - y, bottom + x];
    case 180:
      return [-1, 0, 0, -1, right - x, top - y];
    case 270:
      return [0, -1, 1, 0, left + y, top - x];
    default:
      return [1, 0, 0, 1, left + x, bottom + y];
  }
}

const points = (value: number): string => String(Number(value.toFixed(3)));
const hex = (code: number): string => code.toString(16).padStart(4, '0');

const LETTER: Box = { left: 0, bottom: 0, right: 612, top: 792 };

/** A rectangle of a page; Letter where it has none. `resolve` follows references. */
export function boxOf(object: PdfObject, resolve: (each: PdfObject | undefined) => PdfObject): Box {
  const [a, b, c, d] = Array.isArray(object) ? object.map((each) => numberOf(resolve(each))) : [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return LETTER;
  return { left: Math.min(a, c), bottom: Math.min(b, d), right: Math.max(a, c), top: Math.max(b, d) };
}
