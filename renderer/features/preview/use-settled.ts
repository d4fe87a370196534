import { useEffect, useState } from 'react';

const SETTLE_MS = 500;

/**
 * A value once it has stood for half a second; what goes away, goes at once. Half-typed text fails for a moment, and
 * nobody wants to see that.
 */
export function useSettled<Value>(value: Value | undefined): Value | undefined {
  const [settled, setSettled] = useState<Value>();
  useEffect(() => {
    if (value === undefined) return undefined;
    const timer = setTimeout(() => setSettled(() => value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  // Or it would stand there again as soon as there is another value.
  if (value === undefined && settled !== undefined) setSettled(undefined);
  // While one failure follows another the last settled one stays.
  return value === undefined ? undefined : settled;
}
