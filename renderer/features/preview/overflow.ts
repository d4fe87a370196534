/** Text that runs over the edge of the paper, where nobody will read it. */
import { isPiece, type OpenPdf } from './pdf-reader.ts';

export interface Overflow {
  /** From 0. */
  readonly page: number;
  /** The beginning of the text. */
  readonly text: string;
}

/**
 * Points; side bearings of letters at the edge are no fault. Not more: newer Chromiums leave out the letters that are wholly
 * outside, so that all that shows is the one that the edge cuts.
 */
const TOLERANCE = 1;
const REST_MS = 600;
/** A fault of the layout shows on the first pages; reading all of 1,200 would cost more than it tells. */
const MOST_PAGES = 30;
const MOST_LETTERS = 40;

const rest = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, REST_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** One for each page that has any, once the document has stood still for a moment. Empty when aborted. */
export async function findOverflow(pdf: OpenPdf, signal: AbortSignal): Promise<readonly Overflow[]> {
  await rest(signal);
  const found: Overflow[] = [];
  for (let page = 0; page < Math.min(pdf.pages, MOST_PAGES) && !signal.aborted; page += 1) {
    try {
      const [{ width }, { items }] = await Promise.all([pdf.size(page), pdf.text(page)]);
      const over = items.filter(isPiece).find(({ str, transform, width: length }) => {
        const matrix = transform as readonly number[];
        const isUpright = matrix[1] === 0;
        const left = matrix[4] ?? 0;
        return isUpright && str.trim() !== '' && (left + length > width + TOLERANCE || left < -TOLERANCE);
      });
      if (over !== undefined) found.push({ page, text: over.str.trim().slice(0, MOST_LETTERS) });
    } catch {
      // A newer document took its place.
      return [];
    }
  }
  return found;
}
