/** Rows for a template, made of one sample: texts and amounts differ from row to row, what chooses its form stays. */

const WORDS = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett'.split(' ');
/** Keys that a template looks things up by. */
const FORM = new Set(
  'texts sheet columns colors brand language locale kind size level tax skip guides window currency_code logo image code sepa'.split(
    ' ',
  ),
);

export function variedRows<Row extends object>(base: Row, count: number): Row[] {
  return Array.from({ length: count }, (_, row) => varied(base, row, 0) as Row);
}

function varied(value: unknown, row: number, place: number): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? value + ((row * 7 + place) % 9)
      : Math.round((value + (row % 5)) * 100) / 100;
  }
  if (typeof value === 'string') {
    const isProse = /\s/.test(value) && !/[#%@:<>{}"\\/|]|\d{4}/.test(value);
    return isProse ? `${value} ${WORDS[(row + place) % WORDS.length] ?? ''}` : value;
  }
  if (Array.isArray(value)) return value.map((item, index) => varied(item, row, index));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item], index) => [key, FORM.has(key) ? item : varied(item, row, index)]),
  );
}
