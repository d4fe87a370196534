/** Where a column can go: the places in a template's data, from its schema and a sample, and a guess for each column. */
import type { ColumnMapping } from '../../../contract/batch.ts';

/** A list is shown by its first element. */
const MOST_PATHS = 2_000;
const DEEPEST = 8;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const under = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Paths of what a sample holds, in its order. */
function sampleValues(value: unknown, path: string, depth: number): string[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : sampleValues(value[0], `${path}[0]`, depth + 1);
  if (!isObject(value)) return path === '' ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) => sampleValues(inner, under(path, key), depth + 1));
}

/** Paths of what a JSON schema names as properties. */
function schemaValues(schema: unknown, path: string, depth: number): string[] {
  if (!isObject(schema) || depth > DEEPEST) return [];
  if (isObject(schema['properties'])) {
    return Object.entries(schema['properties']).flatMap(([key, inner]) =>
      schemaValues(inner, under(path, key), depth + 1),
    );
  }
  if (isObject(schema['items'])) return schemaValues(schema['items'], `${path}[0]`, depth + 1);
  return path === '' ? [] : [path];
}

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON texts; what is not JSON gives no paths. */
export function dataPaths(sample: string | undefined, schema: string | undefined): string[] {
  const paths = [...schemaValues(parsed(schema), '', 0), ...sampleValues(parsed(sample), '', 0)];
  return [...new Set(paths)].slice(0, MOST_PATHS);
}

const bare = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const lastOf = (path: string): string => path.split('.').at(-1) ?? path;

/** A column whose name nobody could type as a path. */
const asPath = (column: string): string | null => {
  const path = column.trim().replace(/[[\]\s]+/g, '_');
  return /^[^.]+(?:\.[^.]+)*$/.test(path) ? path : null;
};

/**
 * A place for each column: the path of the same name, else the only one that ends with it, else a field of its own name.
 * No place is given twice.
 */
export function suggestMapping(columns: readonly string[], paths: readonly string[]): ColumnMapping[] {
  const whole = new Map(paths.map((path) => [bare(path), path]));
  const endings = new Map<string, string | undefined>();
  for (const path of paths) {
    const name = bare(lastOf(path));
    // Of two with the same ending neither is a guess.
    endings.set(name, endings.has(name) ? undefined : path);
  }
  const taken = new Set<string>();
  const take = (path: string | null | undefined): string | null => {
    if (path == null || taken.has(path)) return null;
    taken.add(path);
    return path;
  };
  return columns.map((column) => {
    const name = bare(column);
    const known = name === '' ? undefined : (whole.get(name) ?? endings.get(name));
    return { column, path: take(known) ?? take(asPath(column)) };
  });
}
