/** What counts as a date in the data, and calendar arithmetic with it. */
import { describeValue } from './arguments.ts';
import { HelperFault } from './helper.ts';
import { dateFormat } from './intl-cache.ts';

/**
 * `date` and `local` are calendar facts without a time zone and are never shifted; `instant` is a moment that a time
 * zone turns into a calendar date.
 */
export interface DateValue {
  readonly kind: 'date' | 'local' | 'instant';
  /** Of an instant since the epoch; else as if the calendar date were in UTC. */
  readonly ms: number;
}

export const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const MAX_MS = 8_640_000_000_000_000;

const ISO =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?)?$/i;

export function parseDate(value: unknown, written: string): DateValue {
  const parsed =
    typeof value === 'number'
      ? fromEpoch(value)
      : typeof value === 'string'
        ? fromIso(value.trim())
        : undefined;
  if (parsed) return parsed;
  throw new HelperFault(
    `needs a date, but ${/^["']/.test(written) ? 'it' : `"${written}"`} is ${describeValue(value)}`,
    'A date is "2026-01-31", "2026-01-31T10:00:00Z", or milliseconds since 1970.',
  );
}

function fromEpoch(ms: number): DateValue | undefined {
  return Number.isFinite(ms) && Math.abs(ms) <= MAX_MS ? { kind: 'instant', ms } : undefined;
}

function fromIso(text: string): DateValue | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day = '1', hour, minute = '0', second = '0', fraction = '', zone] = match;
  const fields = [
    Number(year),
    Number(month),
    Number(day),
    Number(hour ?? 0),
    Number(minute),
    Number(second),
  ] as const;
  const ms = utc(...fields, Number(fraction.padEnd(3, '0').slice(0, 3)));
  const date = new Date(ms);
  const exists =
    date.getUTCMonth() + 1 === fields[1] &&
    date.getUTCDate() === fields[2] &&
    date.getUTCHours() === fields[3] &&
    date.getUTCMinutes() === fields[4] &&
    date.getUTCSeconds() === fields[5];
  if (!exists) return undefined;
  if (hour === undefined) return { kind: 'date', ms };
  if (zone === undefined) return { kind: 'local', ms };
  return { kind: 'instant', ms: ms - zoneOffset(zone) };
}

/** Date.UTC without its rule that years below 100 are of the 20th century. */
function utc(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

function zoneOffset(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * MS_PER_MINUTE;
}

/** The calendar date and time of day, as milliseconds as if in UTC. */
export function wallTime(value: DateValue, timeZone: string): number {
  if (value.kind !== 'instant') return value.ms;
  const fields: Record<string, number> = {};
  const format = dateFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let isBefore = false;
  for (const { type, value: text } of format.formatToParts(value.ms)) {
    if (type === 'era') isBefore = text.startsWith('B');
    else if (type !== 'literal') fields[type] = Number(text);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const millisecond = ((value.ms % 1000) + 1000) % 1000;
  return utc(isBefore ? 1 - year : year, month, day, hour, minute, second, millisecond);
}

export function isoDate(wall: number): string {
  return new Date(wall).toISOString().replace(/T.*/, '');
}

/** In the notation that it was read from. */
export function toIso({ kind, ms }: DateValue): string {
  const text = new Date(ms).toISOString();
  if (kind === 'date') return text.replace(/T.*/, '');
  return kind === 'local' ? text.replace(/(?:\.000)?Z$/, '') : text.replace(/\.000Z$/, 'Z');
}

export const DATE_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type DateUnit = (typeof DATE_UNITS)[number];

const FIXED_MS: Partial<Record<DateUnit, number>> = { minute: MS_PER_MINUTE, hour: 60 * MS_PER_MINUTE };

/** A month or year later on the same day, or on the last day of a shorter month. */
export function addToDate(value: DateValue, amount: number, unit: DateUnit, timeZone: string): DateValue {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) {
    return checked({ kind: value.kind === 'date' ? 'local' : value.kind, ms: value.ms + amount * fixed });
  }
  const wall = wallTime(value, timeZone);
  const moved =
    unit === 'day' || unit === 'week'
      ? wall + amount * (unit === 'week' ? 7 : 1) * MS_PER_DAY
      : addMonths(wall, unit === 'year' ? amount * 12 : amount);
  return checked({ kind: value.kind, ms: value.kind === 'instant' ? instantOf(moved, timeZone) : moved });
}

function addMonths(wall: number, months: number): number {
  const date = new Date(wall);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}

/** The instant at which clocks of the zone show that wall time. */
function instantOf(wall: number, timeZone: string): number {
  const offset = (ms: number) => wallTime({ kind: 'instant', ms }, timeZone) - ms;
  const guess = wall - offset(wall);
  return wall - offset(guess);
}

function checked(value: DateValue): DateValue {
  const year = new Date(value.ms).getUTCFullYear();
  if (year >= 0 && year <= 9999) return value;
  throw new HelperFault('leaves the years 0 to 9999');
}

/** ISO 8601: weeks start on Monday, and week 1 has the year's first Thursday. */
export function isoWeek(wall: number): number {
  const date = new Date(wall);
  const thursday = wall + (3 - ((date.getUTCDay() + 6) % 7)) * MS_PER_DAY;
  const firstOfYear = utc(new Date(thursday).getUTCFullYear(), 1, 1);
  return Math.floor((thursday - firstOfYear) / (7 * MS_PER_DAY)) + 1;
}
