/** Where a visible signature stands: from what a person sees of a page to the coordinates of PDF. */
import { InfluxionError } from '../../../error.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { numberOf, type PdfObject } from '../../revision/objects.ts';

/** A box on a page as it is shown, in points from its top left corner. */
export interface Placement {
  /** From 1. */
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox {
  readonly page: PdfPage;
  /** /Rect of the widget. */
  readonly rect: readonly [number, number, number, number];
  /** How far the page is turned clockwise when it is shown: 0, 90, 180 or 270. */
  readonly rotation: number;
}

/** ISO 32000-2 §7.7.3.4: Letter, for a page that says nothing. */
const LETTER = [0, 0, 612, 792];

/** Errors: SIGNING_FAILED when there is no such page, or the box lies outside of it. */
export function placeBox(document: PdfDocument, placement: Placement): PlacedBox {
  let count = 0;
  for (const page of document.pages()) {
    count += 1;
    if (count === placement.page) return onPage(document, page, placement);
  }
  throw new InfluxionError(
    'SIGNING_FAILED',
    `The signature is placed on page ${placement.page}, but the document has ${count === 1 ? 'one page' : `${count} pages`}.`,
    { hint: 'Give another page.' },
  );
}

function onPage(
  document: PdfDocument,
  page: PdfPage,
  { x, y, width, height, page: number }: Placement,
): PlacedBox {
  const [left, bottom, right, top] = boxOf(document, page);
  const turned = (((numberOf(page.inherited('Rotate')) ?? 0) % 360) + 360) % 360;
  const rotation = turned % 90 === 0 ? turned : 0;
  const [shownWidth, shownHeight] =
    rotation % 180 === 0 ? [right - left, top - bottom] : [top - bottom, right - left];
  if (x >= shownWidth || y >= shownHeight || x + width <= 0 || y + height <= 0) {
    throw new InfluxionError(
      'SIGNING_FAILED',
      `The signature is placed outside of page ${number}, which is ${round(shownWidth)} by ${round(shownHeight)} points.`,
      { hint: 'Coordinates are points from the top left corner of the page.' },
    );
  }
  const rect = {
    0: [left + x, top - y - height, left + x + width, top - y],
    90: [left + y, bottom + x, left + y + height, bottom + x + width],
    180: [right - x - width, bottom + y, right - x, bottom + y + height],
    270: [right - y - height, top - x - width, right - y, top - x],
  }[rotation] as [number, number, number, number];
  return { page, rect, rotation };
}

const round = (points: number): number => Math.round(points * 100) / 100;

/** What is shown of the page, its corners in order. */
function boxOf(document: PdfDocument, page: PdfPage): [number, number, number, number] {
  const read = (object: PdfObject): number[] | undefined => {
    const numbers = Array.isArray(object) ? object.map((one) => numberOf(document.resolve(one)) ?? NaN) : [];
    return numbers.length === 4 && numbers.every(Number.isFinite) ? numbers : undefined;
  };
  const [a = 0, b = 0, c = 0, d = 0] =
    read(page.inherited('CropBox')) ?? read(page.inherited('MediaBox')) ?? LETTER;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
