import { describeValue, integerAt, isNothing, namedText, textAt, wordOf } from './arguments.ts';
import { formatPattern } from './date-pattern.ts';
import {
  addToDate,
  DATE_UNITS,
  isoDate,
  isoWeek,
  MS_PER_DAY,
  parseDate,
  toIso,
  wallTime,
  type DateUnit,
  type DateValue,
} from './date-value.ts';
import { HelperFault, type Helper, type HelperCall } from './helper.ts';
import { dateFormat, relativeFormat } from './intl-cache.ts';

const STYLES = ['short', 'medium', 'long', 'full'] as const;
type Style = (typeof STYLES)[number];

const PARTS: Readonly<Record<string, (wall: number, locale: string) => string | number>> = {
  year: (wall) => new Date(wall).getUTCFullYear(),
  quarter: (wall) => Math.floor(new Date(wall).getUTCMonth() / 3) + 1,
  month: (wall) => new Date(wall).getUTCMonth() + 1,
  monthName: (wall, locale) => dateFormat(locale, { month: 'long', timeZone: 'UTC' }).format(wall),
  week: (wall) => isoWeek(wall),
  day: (wall) => new Date(wall).getUTCDate(),
  weekday: (wall, locale) => dateFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(wall),
  hour: (wall) => new Date(wall).getUTCHours(),
  minute: (wall) => new Date(wall).getUTCMinutes(),
  second: (wall) => new Date(wall).getUTCSeconds(),
  iso: isoDate,
};
const WORDS = [...STYLES, ...Object.keys(PARTS), 'relative', 'none'];

const isStyle = (text: string): text is Style => (STYLES as readonly string[]).includes(text);

function zoneOf(call: HelperCall): string {
  const zone = namedText(call, 'zone');
  if (zone === undefined) return call.timeZone;
  try {
    dateFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new HelperFault(
      `does not know the time zone "${zone}"`,
      'A time zone is "Europe/Vienna" or "UTC".',
    );
  }
}

function date(args: readonly unknown[], call: HelperCall): string | number | undefined {
  if (isNothing(args[0])) return undefined;
  const value = parseDate(args[0], call.written[0] ?? 'it');
  const locale = namedText(call, 'locale') ?? call.locale;
  const zone = zoneOf(call);
  const form = args[1] === undefined || args[1] === null ? 'medium' : textAt(args, 1, call);
  const time = namedText(call, 'time');
  const timeStyle = time === undefined ? undefined : wordOf('time', time, STYLES);
  if (isStyle(form) || form === 'none')
    return styled(value, locale, zone, form === 'none' ? undefined : form, timeStyle);
  if (timeStyle !== undefined)
    throw new HelperFault('takes time= only together with short, medium, long, full or none');
  if (form === 'relative') return relative(value, call, locale, zone);
  const wall = wallTime(value, zone);
  const part = Object.hasOwn(PARTS, form) ? PARTS[form] : undefined;
  if (part) return part(wall, locale);
  const offset = value.kind === 'instant' ? Math.round((wall - value.ms) / 60_000) : undefined;
  return formatPattern(form, { wall, locale, offset }, WORDS);
}

function styled(
  value: DateValue,
  locale: string,
  zone: string,
  dateStyle: Style | undefined,
  timeStyle: Style | undefined,
): string {
  if (!dateStyle && !timeStyle) throw new HelperFault('needs time= when the date is "none"');
  const isInstant = value.kind === 'instant';
  // The longer time styles end in the name of a zone, which such a value does not have.
  const time = !isInstant && (timeStyle === 'long' || timeStyle === 'full') ? 'medium' : timeStyle;
  return dateFormat(locale, {
    ...(dateStyle ? { dateStyle } : {}),
    ...(time ? { timeStyle: time } : {}),
    timeZone: isInstant ? zone : 'UTC',
  }).format(value.ms);
}

/** "tomorrow", "in 3 weeks", "2 hours ago"; whole days when either side is a date without a time. */
function relative(value: DateValue, call: HelperCall, locale: string, zone: string): string {
  const from = call.named['from'];
  const base: DateValue =
    from === undefined || from === null ? { kind: 'instant', ms: Date.now() } : parseDate(from, 'from');
  const byDay = value.kind === 'date' || base.kind === 'date';
  const ms = byDay
    ? dayOf(value, zone) * MS_PER_DAY - dayOf(base, zone) * MS_PER_DAY
    : wallOrInstant(value, base, zone);
  const [amount, unit] = inUnit(ms, byDay);
  return relativeFormat(locale, { numeric: 'auto' }).format(amount, unit);
}

function wallOrInstant(value: DateValue, base: DateValue, zone: string): number {
  if (value.kind === base.kind) return value.ms - base.ms;
  return wallTime(value, zone) - wallTime(base, zone);
}

const dayOf = (value: DateValue, zone: string): number => Math.floor(wallTime(value, zone) / MS_PER_DAY);

function inUnit(ms: number, byDay: boolean): [number, Intl.RelativeTimeFormatUnit] {
  const days = ms / MS_PER_DAY;
  if (!byDay && Math.abs(ms) < 60_000) return [Math.round(ms / 1000), 'second'];
  if (!byDay && Math.abs(ms) < 3_600_000) return [Math.round(ms / 60_000), 'minute'];
  if (!byDay && Math.abs(days) < 1) return [Math.round(ms / 3_600_000), 'hour'];
  if (Math.abs(days) < 14) return [Math.round(days), 'day'];
  if (Math.abs(days) < 60) return [Math.round(days / 7), 'week'];
  if (Math.abs(days) < 730) return [Math.round(days / 30.4375), 'month'];
  return [Math.round(days / 365.25), 'year'];
}

function unitOf(value: unknown): DateUnit {
  const unit =
    typeof value === 'string' ? DATE_UNITS.find((one) => value === one || value === `${one}s`) : undefined;
  if (unit) return unit;
  throw new HelperFault(`needs a unit (${DATE_UNITS.join(', ')}), not ${describeValue(value)}`);
}

export const DATE_HELPERS: readonly Helper[] = [
  {
    name: 'date',
    group: 'dates',
    signature:
      'date value [style, part or pattern] [time="short"] [from=date] [zone="Europe/Vienna"] [locale="de"]',
    doc: `A date in a style (${STYLES.join(', ')}), one part of it (${Object.keys(PARTS).join(', ')}), a pattern such as "dd.MM.yyyy HH:mm", or "relative" to today or to from=. Dates without a time are never shifted between time zones.`,
    example: {
      template:
        '{{date due "long"}}, {{date due "dd.MM.yyyy"}}, {{date due "weekday"}}, {{date due "relative" from="2026-01-28"}}',
      data: { due: '2026-01-31' },
      output: 'January 31, 2026, 31.01.2026, Saturday, in 3 days',
    },
    args: [1, 2],
    named: ['time', 'from', 'zone', 'locale'],
    call: date,
  },
  {
    name: 'dateAdd',
    group: 'dates',
    signature: 'dateAdd value amount unit [zone="Europe/Vienna"]',
    doc: `A date some ${DATE_UNITS.join('s, ')}s later, or earlier for a negative amount; the last day of a month stays one.`,
    example: {
      template: '{{date (dateAdd issued 14 "days") "medium"}}',
      data: { issued: '2026-01-31' },
      output: 'Feb 14, 2026',
    },
    args: [3, 3],
    named: ['zone'],
    call: (args, call) => {
      if (isNothing(args[0])) return undefined;
      const value = parseDate(args[0], call.written[0] ?? 'it');
      return toIso(
        addToDate(value, integerAt(args, 1, call, [-4_000_000, 4_000_000]), unitOf(args[2]), zoneOf(call)),
      );
    },
  },
  {
    name: 'daysBetween',
    group: 'dates',
    signature: 'daysBetween from to [zone="Europe/Vienna"]',
    doc: 'Whole days from one date to another, negative when the second is earlier.',
    example: {
      template: '{{daysBetween from to}}',
      data: { from: '2026-01-31', to: '2026-02-14' },
      output: '14',
    },
    args: [2, 2],
    named: ['zone'],
    call: (args, call) => {
      const zone = zoneOf(call);
      const [from, to] = [0, 1].map((index) =>
        dayOf(parseDate(args[index], call.written[index] ?? 'it'), zone),
      );
      return (to ?? 0) - (from ?? 0);
    },
  },
  {
    name: 'today',
    group: 'dates',
    signature: 'today [zone="Europe/Vienna"]',
    doc: "Today's date in the time zone of the job, unless the data has a field of that name.",
    example: { template: '{{daysBetween (today) (dateAdd (today) 14 "days")}}', data: {}, output: '14' },
    args: [0, 0],
    named: ['zone'],
    call: (_, call) => isoDate(wallTime({ kind: 'instant', ms: Date.now() }, zoneOf(call))),
  },
  {
    name: 'now',
    group: 'dates',
    signature: 'now',
    doc: 'The present moment, unless the data has a field of that name.',
    example: { template: '{{#if (gt (now) "2020-01-01T00:00:00Z")}}later{{/if}}', data: {}, output: 'later' },
    args: [0, 0],
    call: () => new Date().toISOString(),
  },
];
