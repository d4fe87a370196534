/**
 * Exact decimal arithmetic for amounts: numbers count by their shortest decimal form, so 0.1 + 0.2 is 0.3, and texts
 * such as "12345678901234567.89" keep every digit.
 */

/** A finite number or a text in plain decimal notation. */
export type Decimalish = number | string;

interface Decimal {
  readonly digits: bigint;
  /** Digits after the point. */
  readonly scale: number;
}

const PATTERN = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
/** Longer than any amount; keeps the work of one operation small. */
const MAX_LENGTH = 400;
const DIVISION_DIGITS = 20;

export function isDecimal(value: unknown): value is Decimalish {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && value.length <= MAX_LENGTH && PATTERN.test(value.trim());
}

function decimal(value: Decimalish): Decimal {
  const text = typeof value === 'number' ? plain(value) : value.trim();
  const point = text.indexOf('.');
  if (point < 0) return { digits: BigInt(text.replace('+', '')), scale: 0 };
  const fraction = text.slice(point + 1);
  const digits = (text.slice(0, point) + fraction).replace('+', '');
  return { digits: BigInt(digits === '-' || digits === '' ? '0' : digits), scale: fraction.length };
}

/** Without an exponent. */
function plain(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent) - fraction.length;
  const digits = whole + fraction;
  if (shift >= 0) return sign + digits + '0'.repeat(shift);
  const padded = digits.padStart(1 - shift, '0');
  return `${sign}${padded.slice(0, padded.length + shift)}.${padded.slice(padded.length + shift)}`;
}

/** A number where a number holds it exactly, else a text. */
function value({ digits, scale }: Decimal): Decimalish {
  const sign = digits < 0n ? '-' : '';
  const all = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const fraction = scale > 0 ? all.slice(-scale).replace(/0+$/, '') : '';
  const text = sign + all.slice(0, all.length - scale) + (fraction === '' ? '' : `.${fraction}`);
  const number = Number(text);
  return plain(number) === text ? number : text;
}

function aligned(a: Decimalish, b: Decimalish): [bigint, bigint, number] {
  const x = decimal(a);
  const y = decimal(b);
  const scale = Math.max(x.scale, y.scale);
  return [x.digits * 10n ** BigInt(scale - x.scale), y.digits * 10n ** BigInt(scale - y.scale), scale];
}

export function addDecimals(a: Decimalish, b: Decimalish): Decimalish {
  // Whole numbers are exact as they are, and most counting is done in them.
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const [x, y, scale] = aligned(a, b);
  return value({ digits: x + y, scale });
}

export function negate(a: Decimalish): Decimalish {
  const { digits, scale } = decimal(a);
  return value({ digits: -digits, scale });
}

export function multiplyDecimals(a: Decimalish, b: Decimalish): Decimalish {
  const x = decimal(a);
  const y = decimal(b);
  return value({ digits: x.digits * y.digits, scale: x.scale + y.scale });
}

/** Exact where it can be, else a number, or 20 digits when both are texts. The caller has refused a zero. */
export function divideDecimals(a: Decimalish, b: Decimalish): Decimalish {
  const [x, y] = aligned(a, b);
  const scaled = x * 10n ** BigInt(DIVISION_DIGITS + 1);
  const quotient = { digits: scaled / y, scale: DIVISION_DIGITS + 1 };
  if (scaled % y === 0n) return value(quotient);
  if (typeof a === 'number' || typeof b === 'number') return Number(a) / Number(b);
  return roundDecimal(value(quotient), DIVISION_DIGITS, 'half');
}

export function remainderOf(a: Decimalish, b: Decimalish): Decimalish {
  const [x, y, scale] = aligned(a, b);
  return value({ digits: x % y, scale });
}

export function compareDecimals(a: Decimalish, b: Decimalish): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `half` rounds half away from zero, as invoices do. */
export function roundDecimal(a: Decimalish, places: number, mode: 'half' | 'floor' | 'ceil'): Decimalish {
  const { digits, scale } = decimal(a);
  if (scale <= places) return value({ digits, scale });
  const unit = 10n ** BigInt(scale - places);
  const rest = digits % unit;
  let whole = digits / unit;
  if (mode === 'half') {
    const twice = (rest < 0n ? -rest : rest) * 2n;
    if (twice >= unit) whole += digits < 0n ? -1n : 1n;
  } else if (mode === 'floor') {
    if (rest < 0n) whole -= 1n;
  } else if (rest > 0n) whole += 1n;
  return value({ digits: whole, scale: places });
}
