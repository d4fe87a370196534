/** Between a point on a page and a line of the template. */
import type { Place } from '../../../contract/studio/preview.ts';

export interface SourceLine {
  readonly path: string;
  readonly line: number;
}

/** The part of the template that a point (page from 1, points from its top) lies in: the last that begins above it. */
export function placeAt(places: readonly Place[], page: number, y: number): Place | undefined {
  let before: Place | undefined;
  for (const place of places) {
    const isBefore = place.page < page || (place.page === page && place.y <= y);
    if (isBefore && (before === undefined || !precedes(place, before))) before = place;
  }
  return before ?? places.find((place) => place.page === page) ?? places[0];
}

const precedes = (a: Place, b: Place): boolean => a.page < b.page || (a.page === b.page && a.y < b.y);

/**
 * Where a line of the template landed: the last place at or above the line, else the first below it. A line that is
 * printed several times (in a loop) is met nearest to `nearPage`.
 */
export function placeOf(places: readonly Place[], source: SourceLine, nearPage: number): Place | undefined {
  const ofText = places.filter(({ path }) => path === source.path);
  const lines = ofText.map(({ line }) => line);
  const above = Math.max(...lines.filter((line) => line <= source.line));
  const line = Number.isFinite(above) ? above : Math.min(...lines);
  let best: Place | undefined;
  for (const place of ofText) {
    if (place.line !== line) continue;
    const isNearer = best === undefined || Math.abs(place.page - nearPage) < Math.abs(best.page - nearPage);
    if (isNearer) best = place;
  }
  return best;
}
