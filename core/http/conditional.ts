/** Conditional and range requests, RFC 9110 §13 and §14, for one representation with a strong ETag. */

export interface Validators {
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface ConditionalHeaders {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

const listsTag = (header: string, etag: string, weakly: boolean): boolean => {
  if (header.trim() === '*') return true;
  const tags = header.match(ENTITY_TAG) ?? [];
  return tags.some((tag) => tag === etag || (weakly && tag.startsWith('W/') && tag.slice(2) === etag));
};

/** HTTP dates carry whole seconds. */
const seconds = (time: number): number => Math.floor(time / 1000);

const parseDate = (header: string | undefined): number | undefined => {
  if (header === undefined) return undefined;
  const time = Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
};

/** The precedence of RFC 9110 §13.2.2. */
export function evaluateConditions(
  headers: ConditionalHeaders,
  { etag, lastModified }: Validators,
): 'proceed' | 'not-modified' | 'failed' {
  const modified = seconds(lastModified.getTime());
  if (headers.ifMatch !== undefined) {
    if (!listsTag(headers.ifMatch, etag, false)) return 'failed';
  } else {
    const since = parseDate(headers.ifUnmodifiedSince);
    if (since !== undefined && modified > seconds(since)) return 'failed';
  }
  if (headers.ifNoneMatch !== undefined) {
    return listsTag(headers.ifNoneMatch, etag, true) ? 'not-modified' : 'proceed';
  }
  const since = parseDate(headers.ifModifiedSince);
  return since !== undefined && modified <= seconds(since) ? 'not-modified' : 'proceed';
}

/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const SINGLE_RANGE = /^bytes=\s*(\d*)-(\d*)\s*$/i;

/**
 * The one range asked for; `undefined` sends the whole file: no or a malformed header, several ranges (§14.2 lets a
 * server ignore those), or an If-Range that names another version (§13.1.5).
 */
export function selectRange(
  range: string | undefined,
  ifRange: string | undefined,
  size: number,
  validators: Validators,
): ByteRange | 'unsatisfiable' | undefined {
  if (range === undefined || (ifRange !== undefined && !isSameVersion(ifRange, validators))) return undefined;
  const match = SINGLE_RANGE.exec(range);
  const first = match?.[1] ?? '';
  const last = match?.[2] ?? '';
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? 'unsatisfiable' : { start: size - suffix, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** If-Range compares strongly, and dates exactly (§13.1.5). */
function isSameVersion(ifRange: string, { etag, lastModified }: Validators): boolean {
  if (ifRange.startsWith('"')) return ifRange === etag;
  const time = parseDate(ifRange);
  return time !== undefined && seconds(time) === seconds(lastModified.getTime());
}
