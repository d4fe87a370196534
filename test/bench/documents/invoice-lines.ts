/** Lines of an invoice, the same in every run. */

interface InvoiceLine {
  readonly position: number;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly amount: number;
}

const GOODS = [
  'Notebook',
  'Letter paper',
  'Envelope',
  'Fountain pen',
  'Archive box',
  'Frame',
  'Field guide',
  'Map',
];
const KINDS = ['plain', 'ruled', 'dotted', 'cream', 'grey', 'oak', 'second edition'];
const SIZES = ['A3', 'A4', 'A5', 'A6', 'B5'];

const at = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

/** `count` lines, each short enough for one row of the table. */
export function invoiceLines(count: number): InvoiceLine[] {
  return Array.from({ length: count }, (_, index) => {
    const quantity = 1 + ((index * 7) % 48);
    const cents = 120 + ((index * 7919) % 9600);
    return {
      position: index + 1,
      name: `${at(GOODS, index)}, ${at(KINDS, index * 3)}, ${at(SIZES, index * 2)}, no. ${String(1000 + index)}`,
      quantity,
      price: cents / 100,
      amount: (cents * quantity) / 100,
    };
  });
}

/** Sums in cents, so that they are exact; `rate` is the tax, 0.19 for 19 %. */
export function invoiceTotals(
  lines: readonly InvoiceLine[],
  rate: number,
): { net: number; rate: number; tax: number; total: number } {
  const net = lines.reduce((sum, line) => sum + Math.round(line.amount * 100), 0);
  const tax = Math.round(net * rate);
  return { net: net / 100, rate, tax: tax / 100, total: (net + tax) / 100 };
}
