/** Places in the data: `invoice.items[0].price`. */
export type PathSegment = string | number;

/** `path` has the form that `DataPath` of the contract asks for. */
export function parsePath(path: string): PathSegment[] {
  return [...path.matchAll(/[^.[\]]+|\[(\d+)\]/g)].map(([text, index]) =>
    index === undefined ? text : Number(index),
  );
}

type Container = Record<string, unknown> | unknown[];

/** Without a prototype, so that a column called `__proto__` is one like any other. */
export const emptyData = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** Puts a value in its place and makes what is missing on the way. False when the way is blocked by another value. */
export function setAt(data: Record<string, unknown>, path: readonly PathSegment[], value: unknown): boolean {
  let place: Container = data;
  for (const [at, segment] of path.entries()) {
    if (Array.isArray(place) !== (typeof segment === 'number')) return false;
    const holder = place as Record<PathSegment, unknown>;
    const next = path[at + 1];
    if (next === undefined) {
      if (holder[segment] !== undefined) return false;
      holder[segment] = value;
      return true;
    }
    holder[segment] ??= typeof next === 'number' ? [] : emptyData();
    const inner: unknown = holder[segment];
    if (typeof inner !== 'object' || inner === null) return false;
    place = inner as Container;
  }
  return false;
}

/** The value at a place; undefined where there is none. */
export function valueAt(data: unknown, path: readonly PathSegment[]): unknown {
  let value = data;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<PathSegment, unknown>)[segment];
  }
  return value;
}
