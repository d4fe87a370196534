/** Keys as people speak of them: kinds, time that is left, names. */
import type { KeyFacts } from '../../../contract/key.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A month is what it takes to have a certificate renewed. */
const SOON_DAYS = 30;

export const keyKind = ({ type, size, curve }: Pick<KeyFacts, 'type' | 'size' | 'curve'>): string =>
  type === 'rsa' ? `RSA ${size}` : `EC ${curve ?? `${size} bits`}`;

export interface Validity {
  readonly tone: 'ok' | 'warn' | 'bad';
  readonly label: string;
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count.toLocaleString('en')} days`);

/** What its time says now; whole days are counted. */
export function validityOf({ not_before, not_after }: KeyFacts, now: number): Validity {
  const left = Math.floor((Date.parse(not_after) - now) / DAY_MS);
  if (Date.parse(not_after) <= now) return { tone: 'bad', label: 'Expired' };
  if (Date.parse(not_before) > now) return { tone: 'bad', label: 'Not valid yet' };
  if (left < SOON_DAYS) return { tone: 'warn', label: left === 0 ? 'Expires today' : `${days(left)} left` };
  return { tone: 'ok', label: `${days(left)} left` };
}

/** What a file of that name is called as a key: only characters that a key may have. */
export const keyIdFrom = (filename: string): string =>
  filename
    .replace(/\.[^.]+$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, 200);
