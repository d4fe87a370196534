import { property } from '../language/scope.ts';

/** The value at a dotted path such as `customer.name`; own fields only. An empty path or `this` is the value itself. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '' || path === 'this' || path === '.') return value;
  let current = value;
  for (const step of path.split('.')) {
    if (current === undefined) return undefined;
    current = property(current, step);
  }
  return current;
}
