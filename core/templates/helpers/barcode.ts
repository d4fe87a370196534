import { describeValue, isNothing, namedFlag, textAt } from './arguments.ts';
import { colorOf, labelOf, millimetres, MM_PER_POINT, svg } from './drawing.ts';
import { HelperFault, type Helper, type HelperCall, type SafeHtml } from './helper.ts';
import { barcodeLibrary } from './libraries.ts';
import { didYouMean } from '../nearest-name.ts';

/** bwip-js draws this many units a point. */
const SCALE = 2;
const DEFAULT_BAR_MM = 12;
/** More than any symbology holds. */
const MAX_TEXT = 8_000;

/** Usual names that bwip-js spells otherwise. */
const TYPES: Readonly<Record<string, string>> = {
  aztec: 'azteccode',
  gs1128: 'gs1-128',
  itf: 'interleaved2of5',
  qr: 'qrcode',
};
/** Two dimensions: they have no height of bars and no text below. */
const SQUARE = /qr|matrix|aztec|pdf417|maxi|dotcode|hanxin/;
const USUAL = 'Usual types are code128, ean13, ean8, upca, code39, itf14, gs1-128, datamatrix and pdf417.';

function encoderOf(name: string): string {
  const bcid = Object.hasOwn(TYPES, name) ? (TYPES[name] ?? name) : name;
  const encoders = Object.entries(barcodeLibrary()).flatMap(([key, value]) =>
    // Its exports are the types with "-" as "_", and a few functions of another kind, which have capitals.
    typeof value === 'function' && /^[a-z0-9_]+$/.test(key) && key !== 'raw'
      ? [key.replaceAll('_', '-')]
      : [],
  );
  if (encoders.includes(bcid)) return bcid;
  throw new HelperFault(`does not know the type ${describeValue(name)}`, didYouMean(name, encoders) ?? USUAL);
}

function draw(
  bcid: string,
  name: string,
  text: string,
  options: Record<string, string | number | boolean>,
): string {
  if (text.length > MAX_TEXT) throw new HelperFault(`cannot hold ${text.length} characters`);
  const library = barcodeLibrary();
  try {
    return library.toSVG({ bcid, text, scale: SCALE, ...options });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The library names its inner rule first: "bwipp.ean13badLength#6878: EAN-13 must be 12 or 13 digits".
    const reason = error.message.replace(/^bwipp\.[^:]*:\s*/, '');
    throw new HelperFault(`cannot draw ${describeValue(text)} as "${name}": ${reason}`);
  }
}

function barcode(args: readonly unknown[], call: HelperCall): SafeHtml | undefined {
  const name = textAt(args, 0, call);
  const bcid = encoderOf(name);
  if (isNothing(args[1])) return undefined;
  const text = textAt(args, 1, call);
  const height = millimetres('height', call.named['height']);
  const width = millimetres('width', call.named['width']);
  const color = colorOf(call);
  const drawn = draw(bcid, name, text, {
    ...(SQUARE.test(bcid)
      ? {}
      : {
          includetext: namedFlag(call, 'text') ?? true,
          textxalign: 'center',
          height: height ?? DEFAULT_BAR_MM,
        }),
    ...(color === undefined ? {} : { barcolor: color, textcolor: color }),
  });
  const match = /^<svg viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>([^]*)<\/svg>\s*$/.exec(drawn);
  if (!match) throw new HelperFault('got no drawing');
  const [, across = '', down = '', content = ''] = match;
  const natural = (Number(across) / SCALE) * MM_PER_POINT;
  const factor = (width ?? natural) / natural;
  return svg(
    {
      width: natural * factor,
      height: (Number(down) / SCALE) * MM_PER_POINT * factor,
      viewBox: `0 0 ${across} ${down}`,
    },
    labelOf(call, 'Barcode', text),
    content.trim(),
  );
}

export const BARCODE_HELPER: Helper = {
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
};
