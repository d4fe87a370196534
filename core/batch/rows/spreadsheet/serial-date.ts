/** Days and times as spreadsheets count them (ECMA-376 part 1, 18.17.4). */

const DAY_MS = 86_400_000;
/** Day 0 of either system; of the first one, so that 1 March 1900, day 61, comes out right. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** The 29 February 1900 that Excel keeps for the sake of Lotus 1-2-3, and that never was. */
const PHANTOM_DAY = 60;
/** 31 December 9999. */
const LAST_DAY = 2_958_465;

/**
 * A serial number as ISO 8601 without a time zone: a day, a day with a time, or below one day a time alone. Undefined for
 * what is no day.
 */
export function serialDate(serial: number, is1904: boolean): string | undefined {
  if (!(serial >= 0) || serial > LAST_DAY + 1) return undefined;
  const seconds = Math.round(serial * 86_400);
  const day = Math.floor(seconds / 86_400);
  const time = clockTime(seconds % 86_400);
  if (day === 0 && !is1904) return time;
  if (day === PHANTOM_DAY && !is1904) return undefined;
  const shift = !is1904 && day < PHANTOM_DAY ? 1 : 0;
  const date = new Date((is1904 ? EPOCH_1904 : EPOCH_1900) + (day + shift) * DAY_MS);
  const iso = date.toISOString().slice(0, 10);
  return seconds % 86_400 === 0 ? iso : `${iso}T${time}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

const clockTime = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

/** Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30), those of East Asia too. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Whether a number format shows its number as a date. `code`: of a format of the file's own. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  // Texts, escapes, colours and conditions are no parts of a date; hours that run on beyond a day are a number.
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return false;
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '');
  return !/general/i.test(bare) && /[dmyhs]/i.test(bare.split(';')[0] ?? '');
}
