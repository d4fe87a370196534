/** Date patterns in the letters of CLDR (UTS 35, Date Field Symbol Table), as far as documents need them. */
import { isoWeek } from './date-value.ts';
import { HelperFault } from './helper.ts';
import { dateFormat } from './intl-cache.ts';
import { didYouMean } from '../nearest-name.ts';

interface Moment {
  /** Calendar date and time of day, as if in UTC. */
  readonly wall: number;
  readonly locale: string;
  /** Minutes east of Greenwich; undefined when the value has no zone. */
  readonly offset: number | undefined;
}

function named(
  moment: Moment,
  options: Intl.DateTimeFormatOptions,
  type: Intl.DateTimeFormatPartTypes,
): string {
  const parts = dateFormat(moment.locale, { ...options, timeZone: 'UTC' }).formatToParts(moment.wall);
  return parts.find((part) => part.type === type)?.value ?? '';
}

const padded = (value: number, width: number): string => String(value).padStart(width, '0');
const at = (moment: Moment): Date => new Date(moment.wall);
const hour12 = (moment: Moment): number => at(moment).getUTCHours() % 12 || 12;

function offsetText({ offset }: Moment): string {
  if (offset === undefined) return '';
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}:${padded(minutes % 60, 2)}`;
}

const FIELDS: Readonly<Record<string, (moment: Moment) => string>> = {
  y: (moment) => String(at(moment).getUTCFullYear()),
  yy: (moment) => padded(at(moment).getUTCFullYear() % 100, 2),
  yyyy: (moment) => padded(at(moment).getUTCFullYear(), 4),
  Q: (moment) => String(Math.floor(at(moment).getUTCMonth() / 3) + 1),
  M: (moment) => String(at(moment).getUTCMonth() + 1),
  MM: (moment) => padded(at(moment).getUTCMonth() + 1, 2),
  // With a day beside it a month is inflected in many languages; L is the month alone.
  MMM: (moment) => named(moment, { day: 'numeric', month: 'short' }, 'month'),
  MMMM: (moment) => named(moment, { day: 'numeric', month: 'long' }, 'month'),
  LLL: (moment) => named(moment, { month: 'short' }, 'month'),
  LLLL: (moment) => named(moment, { month: 'long' }, 'month'),
  w: (moment) => String(isoWeek(moment.wall)),
  ww: (moment) => padded(isoWeek(moment.wall), 2),
  d: (moment) => String(at(moment).getUTCDate()),
  dd: (moment) => padded(at(moment).getUTCDate(), 2),
  E: (moment) => named(moment, { weekday: 'short' }, 'weekday'),
  EEE: (moment) => named(moment, { weekday: 'short' }, 'weekday'),
  EEEE: (moment) => named(moment, { weekday: 'long' }, 'weekday'),
  H: (moment) => String(at(moment).getUTCHours()),
  HH: (moment) => padded(at(moment).getUTCHours(), 2),
  h: (moment) => String(hour12(moment)),
  hh: (moment) => padded(hour12(moment), 2),
  m: (moment) => String(at(moment).getUTCMinutes()),
  mm: (moment) => padded(at(moment).getUTCMinutes(), 2),
  s: (moment) => String(at(moment).getUTCSeconds()),
  ss: (moment) => padded(at(moment).getUTCSeconds(), 2),
  SSS: (moment) => padded(at(moment).getUTCMilliseconds(), 3),
  a: (moment) => named(moment, { hour: 'numeric', hour12: true }, 'dayPeriod'),
  XXX: offsetText,
};

/** What CLDR means by these (week year, day of the year) nobody wants, and many other libraries write them. */
const ALIASES: Readonly<Record<string, string>> = { YYYY: 'yyyy', YY: 'yy', DD: 'dd', D: 'd' };

const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g;

/** Letters stand for fields, text in '…' for itself, everything else too. `words` are for the hint on a wrong one. */
export function formatPattern(pattern: string, moment: Moment, words: readonly string[]): string {
  let result = '';
  for (const match of pattern.matchAll(TOKEN)) {
    const [token, quoted, letter] = match;
    if (quoted !== undefined) result += quoted === '' ? "'" : quoted.replaceAll("''", "'");
    else if (letter === undefined) result += token;
    else {
      const name = ALIASES[token] ?? token;
      const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
      if (!field) {
        throw new HelperFault(
          `does not know "${token}" in the pattern "${pattern}"`,
          didYouMean(pattern, words) ??
            'Put plain text in single quotes; a pattern looks like "d MMMM yyyy, HH:mm".',
        );
      }
      result += field(moment);
    }
  }
  return result;
}
