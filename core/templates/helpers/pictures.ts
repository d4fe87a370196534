/** Markup made of text: Markdown, QR codes, barcodes. */
import { describeValue, isNothing, namedFlag, namedInteger, namedText, textAt, wordOf } from './arguments.ts';
import { HelperFault, SafeHtml, type Helper, type HelperCall } from './helper.ts';
import { barcodeLibrary, markdownLibrary } from './libraries.ts';
import { escapeHtml } from '../language/escape.ts';
import { didYouMean } from '../nearest-name.ts';

const MM_PER_POINT = 25.4 / 72;
/** bwip-js draws this many units a point. */
const SCALE = 2;
const DEFAULT_QR_MM = 25;
const DEFAULT_BAR_MM = 12;
const MAX_MM = 1000;
const LENGTH = /^(\d+(?:\.\d+)?)(mm|cm|in|pt|px)?$/;
const MM_PER_UNIT: Readonly<Record<string, number>> = {
  mm: 1,
  cm: 10,
  in: 25.4,
  pt: MM_PER_POINT,
  px: 25.4 / 96,
};
const COLOR = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Usual names that bwip-js spells otherwise. */
const TYPES: Readonly<Record<string, string>> = {
  qr: 'qrcode',
  aztec: 'azteccode',
  gs1128: 'gs1-128',
  itf: 'interleaved2of5',
};
/** Two dimensions: they have no height of bars and no text below. */
const SQUARE = /qr|matrix|aztec|pdf417|maxi|dotcode|hanxin/;

/** Millimetres from a number or a CSS length. */
function millimetres(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const match = LENGTH.exec(String(typeof value === 'number' || typeof value === 'string' ? value : ''));
  const mm = match ? Number(match[1]) * (MM_PER_UNIT[match[2] ?? 'mm'] ?? 1) : 0;
  if (mm > 0 && mm <= MAX_MM) return mm;
  throw new HelperFault(`takes a length up to 1m such as "25mm" as ${name}, not ${describeValue(value)}`);
}

function colorOf(call: HelperCall): Record<string, string> {
  const color = namedText(call, 'color');
  if (color === undefined) return {};
  const hex = COLOR.exec(color)?.[1];
  if (hex === undefined)
    throw new HelperFault(`takes a color such as "#1a2b3c", not ${describeValue(color)}`);
  const six = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return { barcolor: six, textcolor: six };
}

function draw(
  options: { bcid: string; text: string } & Record<string, string | number | boolean>,
  what: string,
): string {
  const library = barcodeLibrary();
  try {
    return library.toSVG({ scale: SCALE, ...options });
  } catch (error) {
    // The library names its inner rule first: "bwipp.ean13badLength#6878: EAN-13 must be 12 or 13 digits".
    const reason = (error instanceof Error ? error.message : 'unknown').replace(/^bwipp\.[^:]*:\s*/, '');
    throw new HelperFault(`cannot draw ${describeValue(options.text)} as ${what}: ${reason}`);
  }
}

/** The drawing with a size of its own and a text for screen readers (PDF/UA needs one for every figure). */
function sized(
  svg: string,
  label: string,
  size: (units: { width: number; height: number }) => [number, number],
): SafeHtml {
  const match = /^<svg viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  if (!match) throw new HelperFault('got no drawing');
  const [width, height] = size({ width: Number(match[1]), height: Number(match[2]) }).map((mm) =>
    Number(mm.toFixed(3)),
  );
  return new SafeHtml(
    svg
      .replace(
        '<svg ',
        `<svg role="img" aria-label="${escapeHtml(label)}" width="${String(width)}mm" height="${String(height)}mm" `,
      )
      .trim(),
  );
}

function qr(args: readonly unknown[], call: HelperCall): SafeHtml | undefined {
  if (isNothing(args[0])) return undefined;
  const text = textAt(args, 0, call);
  const size = millimetres('size', args[1] ?? call.named['size']) ?? DEFAULT_QR_MM;
  const level = wordOf('level', namedText(call, 'level') ?? 'M', ['L', 'M', 'Q', 'H'] as const);
  const margin = namedInteger(call, 'margin', [0, 20]) ?? 0;
  const svg = draw({ bcid: 'qrcode', text, eclevel: level, padding: margin, ...colorOf(call) }, 'a QR code');
  return sized(svg, namedText(call, 'label') ?? `QR code: ${text.slice(0, 200)}`, () => [size, size]);
}

function barcode(args: readonly unknown[], call: HelperCall): SafeHtml | undefined {
  const name = textAt(args, 0, call);
  if (isNothing(args[1])) return undefined;
  const text = textAt(args, 1, call);
  const bcid = TYPES[name] ?? name;
  const library = barcodeLibrary() as unknown as Record<string, unknown>;
  if (!/^[a-z0-9-]+$/.test(bcid) || typeof library[bcid.replaceAll('-', '_')] !== 'function') {
    throw new HelperFault(
      `does not know the type ${describeValue(name)}`,
      didYouMean(name, barcodeTypes(library)) ??
        'Usual types are code128, ean13, ean8, upca, code39, itf14, gs1-128, datamatrix and pdf417.',
    );
  }
  const isSquare = SQUARE.test(bcid);
  const height = millimetres('height', call.named['height']);
  const width = millimetres('width', call.named['width']);
  const svg = draw(
    {
      bcid,
      text,
      ...(isSquare
        ? {}
        : {
            includetext: namedFlag(call, 'text') ?? true,
            textxalign: 'center',
            height: height ?? DEFAULT_BAR_MM,
          }),
      ...colorOf(call),
    },
    `"${name}"`,
  );
  return sized(svg, namedText(call, 'label') ?? `Barcode: ${text.slice(0, 200)}`, (units) => {
    const natural = (units.width / SCALE) * MM_PER_POINT;
    const factor = (width ?? natural) / natural;
    return [natural * factor, (units.height / SCALE) * MM_PER_POINT * factor];
  });
}

/** Its exports are the types with "-" as "_", and a few functions of another kind. */
function barcodeTypes(library: Record<string, unknown>): string[] {
  return Object.keys(library)
    .filter((key) => /^[a-z0-9_]+$/.test(key) && key !== 'default' && key !== 'raw')
    .map((key) => key.replaceAll('_', '-'));
}

export const PICTURE_HELPERS: readonly Helper[] = [
  {
    name: 'markdown',
    group: 'text',
    signature: 'markdown text [inline=true]',
    doc: 'Markdown (CommonMark and tables) as HTML; HTML inside of it is shown as text, and only harmless links stay links.',
    example: {
      template: '{{markdown note inline=true}}',
      data: { note: 'Pay **now**' },
      output: 'Pay <strong>now</strong>',
    },
    args: [1, 1],
    named: ['inline'],
    block: 'text',
    call: (args, call) => {
      if (isNothing(args[0])) return undefined;
      const text = textAt(args, 0, call);
      const library = markdownLibrary();
      return new SafeHtml(
        namedFlag(call, 'inline') === true ? library.renderInline(text) : library.render(text),
      );
    },
  },
  {
    name: 'qr',
    group: 'pictures',
    signature: 'qr text [size] [size="25mm"] [level="M"] [margin=0] [color="#000000"] [label="…"]',
    doc: 'A QR code as a drawing in the page, 25 mm wide unless a size is given; levels are L, M, Q and H.',
    example: {
      template: '{{#if (qr url)}}drawn{{/if}}',
      data: { url: 'https://example.org' },
      output: 'drawn',
    },
    args: [1, 2],
    named: ['size', 'level', 'margin', 'color', 'label'],
    call: qr,
  },
  {
    name: 'barcode',
    group: 'pictures',
    signature: 'barcode type text [height="12mm"] [width="40mm"] [text=true] [color="#000000"] [label="…"]',
    doc: 'A barcode (code128, ean13, ean8, upca, code39, itf14, gs1-128, datamatrix, pdf417 …) as a drawing in the page; height is that of the bars.',
    example: {
      template: '{{#if (barcode "ean13" number)}}drawn{{/if}}',
      data: { number: '4006381333931' },
      output: 'drawn',
    },
    args: [2, 2],
    named: ['height', 'width', 'text', 'color', 'label'],
    call: barcode,
  },
];
