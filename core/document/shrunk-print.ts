/**
 * Chromium prints a document that is wider than its paper smaller, up to two thirds, and says nothing (Blink's PrintContext,
 * kPrintingMaximumShrinkFactor); what is wider still is cut off.
 */
import { constants, inflateSync } from 'node:zlib';
import type { JobWarning } from '../../contract/job.ts';
import { memorySource } from '../pdf/revision/byte-source.ts';
import { PdfDocument } from '../pdf/revision/document.ts';
import { PdfStream } from '../pdf/revision/objects.ts';

/** A CSS pixel in points. */
const PIXEL = 0.75;
const SMALLEST = 2 / 3;
/** Rounding of the numbers in a print is a hundred times finer. */
const TOLERANCE = 0.005;
/** The transformations of the paper and of the content stand at the beginning of a page, with margin boxes between them. */
const ENOUGH_BYTES = 2048;
const TRANSFORMATION = /^([\d.]+) 0 0 -?([\d.]+) [\d.]+ [\d.]+ cm$/gm;
/** Chromium clips the content to the area within the margins and puts it at its corner; margin boxes are not clipped so. */
const CONTENT = /^([\d.]+) ([\d.]+) [\d.]+ [\d.]+ re\nW\*? n\nq\n([\d.]+) 0 0 [\d.]+ \1 \2 cm$/m;

/** `scale`: what was asked for, of 1. Undefined for a document that fits, and for one that does not tell. */
export function shrunkWarning(pdf: Uint8Array, scale: number): JobWarning | undefined {
  const printed = printedScale(pdf);
  if (printed === undefined) return undefined;
  const factor = printed / (PIXEL * scale);
  if (factor > 1 - TOLERANCE) return undefined;
  const percent = Math.round(factor * 100);
  const rest = factor < SMALLEST + TOLERANCE ? ', and what still does not fit is cut off' : '';
  return {
    code: 'CONTENT_SHRUNK',
    message: `Something is wider than the paper, so that everything is printed at ${percent} % of its size${rest}. Look for a wide table, image or line without spaces.`,
  };
}

/** Points a CSS pixel on the first page. */
function printedScale(pdf: Uint8Array): number | undefined {
  const document = PdfDocument.open(memorySource(pdf));
  const [page] = document.pages();
  const content = page === undefined ? undefined : document.resolve(page.dict.get('Contents'));
  if (!(content instanceof PdfStream) || content.dict.nameAt('Filter') !== 'FlateDecode') return undefined;
  const start = inflateSync(document.rawBytes(content).subarray(0, ENOUGH_BYTES), {
    finishFlush: constants.Z_SYNC_FLUSH,
  }).toString('latin1');
  const [paper, first] = start.matchAll(TRANSFORMATION);
  const body = CONTENT.exec(start)?.[3] ?? first?.[1];
  return paper === undefined || body === undefined ? undefined : Number(paper[1]) * Number(body);
}
