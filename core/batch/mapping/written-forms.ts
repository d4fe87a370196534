/** Numbers and dates as people of a country write them. */

export interface WrittenForms {
  /** Undefined for what is no number. */
  number(text: string): number | undefined;
  /** As ISO 8601; undefined for what is no date. */
  date(text: string): string | undefined;
}

const SPACES = '\u0020\u00a0\u202f\u2009';

/** `locale`: a language tag (BCP 47). */
export function writtenForms(locale: string): WrittenForms {
  const decimal = decimalOf(locale);
  const group = decimal === ',' ? '.' : ',';
  const groups = `[${group}${SPACES}'’]`;
  const pattern = new RegExp(
    `^[+-]?(?:\\d{1,3}(?:${groups}\\d{3})+|\\d+)?(?:[${decimal}]\\d+)?(?:[eE][+-]?\\d{1,3})?$`,
  );
  const separators = new RegExp(groups, 'g');
  const order = dateOrder(locale);
  return {
    number(text) {
      const plain = text.trim().replace(/^\u2212/, '-');
      if (!/\d/.test(plain) || !pattern.test(plain)) return undefined;
      const number = Number(plain.replace(separators, '').replace(decimal, '.'));
      return Number.isFinite(number) ? number : undefined;
    },
    date: (text) => parseDate(text.trim(), order),
  };
}

function decimalOf(locale: string): ',' | '.' {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

type DatePart = 'year' | 'month' | 'day';

function dateOrder(locale: string): DatePart[] {
  const format = new Intl.DateTimeFormat(locale, { calendar: 'gregory', numberingSystem: 'latn' });
  return format
    .formatToParts(0)
    .flatMap(({ type }) => (type === 'year' || type === 'month' || type === 'day' ? [type] : []));
}

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const LOCAL = /^(\d{1,4})[./\-\s]\s?(\d{1,2})[./\-\s]\s?(\d{1,4})\.?(?:[T,\s]+(\d{1,2}:\d{2}(?::\d{2})?))?$/;

function parseDate(text: string, order: readonly DatePart[]): string | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) {
    return isoDate({ year: iso[1] ?? '', month: iso[2] ?? '', day: iso[3] ?? '' }, iso[4], iso[5]);
  }
  const local = LOCAL.exec(text);
  if (local === null) return undefined;
  const parts = { year: '', month: '', day: '' };
  order.forEach((part, at) => (parts[part] = local[at + 1] ?? ''));
  return isoDate(parts, local[4], undefined);
}

function isoDate(
  { year, month, day }: Readonly<Record<DatePart, string>>,
  time: string | undefined,
  zone: string | undefined,
): string | undefined {
  if (month.length > 2 || day.length > 2 || (year.length !== 4 && year.length !== 2)) return undefined;
  const date = new Date(Date.UTC(fullYear(year), Number(month) - 1, Number(day)));
  // 31 April would be 1 May.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const iso = date.toISOString().slice(0, 10);
  if (time === undefined) return iso;
  const [hours = '', minutes = '', seconds = '00'] = time.split(':');
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return `${iso}T${hours.padStart(2, '0')}:${minutes}:${seconds}${zone ?? ''}`;
}

/** Two digits as POSIX reads them: 69 … 99 are of the last century. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}
