import { describeValue, isNothing, namedInteger, namedText, textAt, wordOf } from './arguments.ts';
import { colorOf, labelOf, millimetres, svg } from './drawing.ts';
import { HelperFault, type Helper, type HelperCall, type SafeHtml } from './helper.ts';
import { qrLibrary } from './libraries.ts';

const DEFAULT_MM = 25;
const MAX_MARGIN = 20;
/** ISO/IEC 18004: how much of the code may be damaged. */
const LEVELS = { L: 'low', M: 'medium', Q: 'quartile', H: 'high' } as const;

/** Dark modules by row, without the border that the library always adds. */
function modulesOf(text: string, level: keyof typeof LEVELS): readonly (readonly boolean[])[] {
  const encode = qrLibrary();
  try {
    const bordered = encode(text, 'raw', { ecc: LEVELS[level], border: 1 });
    return bordered.slice(1, -1).map((row) => row.slice(1, -1));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HelperFault(
      `cannot draw ${describeValue(text)} as a QR code: ${text.length} characters are too many`,
      'At level L it holds up to 2,953 bytes; put a link in it instead.',
    );
  }
}

/** One path of a rectangle for every run of dark modules in a row. */
function outline(modules: readonly (readonly boolean[])[], margin: number): string {
  let path = '';
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x++;
      const width = x + 1 - start;
      path += `M${start + margin} ${y + margin}h${width}v1h-${width}z`;
    }
  }
  return path;
}

function qr(args: readonly unknown[], call: HelperCall): SafeHtml | undefined {
  if (isNothing(args[0])) return undefined;
  const text = textAt(args, 0, call);
  const size = millimetres('size', args[1] ?? call.named['size']) ?? DEFAULT_MM;
  const level = wordOf('level', namedText(call, 'level') ?? 'M', ['L', 'M', 'Q', 'H'] as const);
  const margin = namedInteger(call, 'margin', [0, MAX_MARGIN]) ?? 0;
  const color = colorOf(call);
  const modules = modulesOf(text, level);
  const side = modules.length + 2 * margin;
  const fill = color === undefined ? '' : ` fill="#${color}"`;
  return svg(
    { width: size, height: size, viewBox: `0 0 ${side} ${side}` },
    labelOf(call, 'QR code', text),
    `<path${fill} shape-rendering="crispEdges" d="${outline(modules, margin)}"/>`,
  );
}

export const QR_HELPER: Helper = {
  name: 'qr',
  group: 'pictures',
  signature: 'qr text [size] [size="25mm"] [level="M"] [margin=0] [color="#000000"] [label="…"]',
  doc: 'A QR code as a drawing in the page, 25 mm wide unless a size is given; level L, M, Q or H; margin is the quiet zone in modules, for where the page around it is not white.',
  example: {
    template: '{{#if (qr url)}}drawn{{/if}}',
    data: { url: 'https://example.org' },
    output: 'drawn',
  },
  args: [1, 2],
  named: ['size', 'level', 'margin', 'color', 'label'],
  call: qr,
};
