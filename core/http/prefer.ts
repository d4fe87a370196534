/** The `Prefer` header, RFC 7240: `wait=N` and `respond-async`; what is unknown or malformed is ignored (§2). */

export interface Preferences {
  /** Seconds, capped; undefined when not asked for. */
  readonly waitSeconds: number | undefined;
  readonly respondAsync: boolean;
}

/** The longest a request is kept waiting for the sake of `wait`. */
export const MAX_WAIT_SECONDS = 60;

const NONE: Preferences = { waitSeconds: undefined, respondAsync: false };

export function parsePrefer(header: string | readonly string[] | undefined): Preferences {
  if (header === undefined) return NONE;
  const text = typeof header === 'string' ? header : header.join(',');
  let waitSeconds: number | undefined;
  let respondAsync = false;
  for (const preference of text.split(',')) {
    const [head = ''] = preference.split(';');
    const [name = '', value = ''] = head.split('=').map((part) => part.trim());
    if (name.toLowerCase() === 'respond-async') respondAsync = true;
    if (name.toLowerCase() !== 'wait' || waitSeconds !== undefined) continue;
    const digits = /^"?(\d{1,9})"?$/.exec(value)?.[1];
    if (digits !== undefined) waitSeconds = Math.min(Number(digits), MAX_WAIT_SECONDS);
  }
  return { waitSeconds, respondAsync };
}

/** The value of `Preference-Applied` (RFC 7240 §3), undefined when no preference was. */
export function preferenceApplied({ waitSeconds, respondAsync }: Preferences): string | undefined {
  const applied = [
    ...(respondAsync ? ['respond-async'] : []),
    ...(waitSeconds === undefined ? [] : [`wait=${waitSeconds}`]),
  ];
  return applied.length === 0 ? undefined : applied.join(', ');
}
