/** What QR codes and barcodes share: sizes, colours, the SVG around the drawing. */
import { describeValue, namedText } from './arguments.ts';
import { HelperFault, SafeHtml, type HelperCall } from './helper.ts';
import { escapeHtml } from '../language/escape.ts';

export const MM_PER_POINT = 25.4 / 72;
const MAX_MM = 1000;
const MAX_LABEL = 200;
const LENGTH = /^(\d+(?:\.\d+)?)(mm|cm|in|pt|px)?$/;
const MM_PER_UNIT: Readonly<Record<string, number>> = {
  mm: 1,
  cm: 10,
  in: 25.4,
  pt: MM_PER_POINT,
  px: 25.4 / 96,
};
const COLOR = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** From a number or a CSS length. */
export function millimetres(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const match = typeof value === 'number' || typeof value === 'string' ? LENGTH.exec(String(value)) : null;
  const mm = match ? Number(match[1]) * (MM_PER_UNIT[match[2] ?? 'mm'] ?? 1) : 0;
  if (mm > 0 && mm <= MAX_MM) return mm;
  throw new HelperFault(`takes a length up to 1000mm such as "25mm" as ${name}, not ${describeValue(value)}`);
}

/** Six hexadecimal digits. */
export function colorOf(call: HelperCall): string | undefined {
  const color = namedText(call, 'color');
  if (color === undefined) return undefined;
  const hex = COLOR.exec(color)?.[1];
  if (hex === undefined) {
    throw new HelperFault(`takes a color such as "#1a2b3c" as color=, not ${describeValue(color)}`);
  }
  return hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
}

/** The label is what a screen reader says; PDF/UA wants one for every figure (ISO 14289-1, 7.3). */
export function labelOf(call: HelperCall, kind: string, text: string): string {
  return namedText(call, 'label') ?? `${kind}: ${text.slice(0, MAX_LABEL)}`;
}

export function svg(
  { width, height, viewBox }: { width: number; height: number; viewBox: string },
  label: string,
  content: string,
): SafeHtml {
  const mm = (length: number) => `${String(Number(length.toFixed(3)))}mm`;
  return new SafeHtml(
    `<svg role="img" aria-label="${escapeHtml(label)}" width="${mm(width)}" height="${mm(height)}" viewBox="${viewBox}" xmlns="http://www.w3.org/2000/svg">${content}</svg>`,
  );
}
