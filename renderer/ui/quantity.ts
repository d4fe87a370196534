/** Quantities as people read them. */

/** Bytes in powers of 1,000, as file managers of today count: `24 KB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ''}`;
}

/** `120 ms`, `3.4 s`, `2 min 5 s`, `17 h 3 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const formatPages = (pages: number): string => (pages === 1 ? '1 page' : `${pages} pages`);

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** An ISO time as today's clock time, or with its day when that was not today. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const time = new Date(iso);
  return (time.toDateString() === now.toDateString() ? TIME : DAY_AND_TIME).format(time);
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' });

/** An ISO time as a day: `27 November 2026`. */
export const formatDay = (iso: string): string => DAY.format(new Date(iso));

/** An ISO time with its day, wherever it lies: `27 November 2026 at 03:40:12`. */
export const formatDayAndTime = (iso: string): string => FULL.format(new Date(iso));
