/** Which lines of a template landed where in its print. */
import type { Place } from '../../contract/studio/preview.ts';
import { readPrintedPlaces } from '../pdf/references/named-destinations.ts';
import type { SourcePlace } from '../templates/references/place-ids.ts';

/** The places by page, then by y, and the number of pages. */
export function placesIn(
  pdf: Uint8Array,
  sources: readonly SourcePlace[],
): { readonly pages: number; readonly places: Place[] } {
  const printed = readPrintedPlaces(pdf);
  const places = sources.flatMap(({ id, path, line }): Place[] => {
    const landed = printed?.byId.get(id);
    return landed ? [{ path, line, page: landed.page, y: Math.round(landed.y * 10) / 10 }] : [];
  });
  places.sort((a, b) => a.page - b.page || a.y - b.y);
  return { pages: printed?.pages ?? 0, places };
}

/** The last place that begins above a point of a page; undefined when the file does not tell the point. */
export function placeAbove(
  places: readonly Place[],
  { page, y }: { readonly page: number | null; readonly y?: number | null | undefined },
): Place | undefined {
  if (page === null || y == null) return undefined;
  return places.findLast((place) => place.page === page && place.y <= y + SLACK_POINTS);
}

/** Ascenders reach above the box of their line. */
const SLACK_POINTS = 2;
