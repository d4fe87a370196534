/** Which rows of the list are chosen. Jobs are known by id, so a choice survives jobs that come and go above it. */

interface RowPlace {
  readonly id: number;
  readonly index: number;
}

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** Where the keyboard is. */
  readonly cursor: RowPlace | undefined;
  /** Where a range with shift begins. */
  readonly anchor: RowPlace | undefined;
}

export const NOTHING: Selection = { ids: new Set(), cursor: undefined, anchor: undefined };

export const only = (id: number, index: number): Selection => {
  const place = { id, index };
  return { ids: new Set([id]), cursor: place, anchor: place };
};

export function toggled(selection: Selection, id: number, index: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  const place = { id, index };
  return { ids, cursor: place, anchor: place };
}

/** The rows from the anchor to the cursor; `ids` are theirs. The anchor stays. */
export const ranged = (
  selection: Selection,
  ids: Iterable<number>,
  id: number,
  index: number,
): Selection => ({
  ids: new Set(ids),
  cursor: { id, index },
  anchor: selection.anchor ?? { id, index },
});

export const withAll = (selection: Selection, ids: Iterable<number>): Selection => ({
  ...selection,
  ids: new Set(ids),
});

/** After the list moved; `indexOf` is undefined for a job that is not held, whose place is left as it was. */
export function moved(selection: Selection, indexOf: (id: number) => number | undefined): Selection {
  const { cursor, anchor } = selection;
  const settle = (place: RowPlace | undefined): RowPlace | undefined => {
    const index = place === undefined ? undefined : indexOf(place.id);
    return place === undefined || index === undefined || index === place.index ? place : { ...place, index };
  };
  const [nextCursor, nextAnchor] = [settle(cursor), settle(anchor)];
  return nextCursor === cursor && nextAnchor === anchor
    ? selection
    : { ...selection, cursor: nextCursor, anchor: nextAnchor };
}

/** Without jobs that are no more. */
export function without(selection: Selection, gone: readonly number[]): Selection {
  const left = new Set(gone);
  const keep = (place: RowPlace | undefined): RowPlace | undefined =>
    place === undefined || left.has(place.id) ? undefined : place;
  return {
    ids: new Set([...selection.ids].filter((id) => !left.has(id))),
    cursor: keep(selection.cursor),
    anchor: keep(selection.anchor),
  };
}
