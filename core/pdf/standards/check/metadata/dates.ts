/** Dates of XMP (ISO 8601, ISO 16684-1 §8.2.1.2) and of PDF (ISO 32000-2 §7.9.4). */

const ISO =
  /^-?(\d+)(?:-(\d+)(?:-(\d+)(?:T(\d+)(?::(\d+))?(?::(\d+)(?:\.(\d+))?)?(?:Z|([+-])(\d+)(?::(\d+))?)?)?)?)?$/;

export const isIsoDate = (text: string): boolean => text === '' || ISO.test(text);

/** Milliseconds since 1970; undefined for what is no date. */
export function isoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => part && Number(part));
  const fraction = match[7] === undefined ? 0 : Math.trunc(Number(`0.${match[7]}`) * 1000);
  const offset = (match[8] === '-' ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const time = Date.UTC(
    Number(year),
    Number(month ?? 1) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
    fraction,
  );
  return time - offset * 60_000;
}

const PDF = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([Z+-])(?:(\d\d)(?:'(\d\d)?)?)?)?'?$/;

/** Milliseconds since 1970; undefined for what is no date. */
export function pdfTime(text: string): number | undefined {
  const match = PDF.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7);
  const sign = match[7] === '-' ? -1 : 1;
  const offset = sign * (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0));
  if ((match[7] ?? 'Z') === 'Z' && offset !== 0) return undefined;
  const time = Date.UTC(
    Number(year),
    Number(month ?? 1) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  );
  return time - offset * 60_000;
}
