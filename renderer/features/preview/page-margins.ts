/** The margins that a template asks for, as far as its texts say so plainly. */
import { parseLength, PrintOptions } from '../../../contract/page.ts';

/** Millimetres. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const DEFAULT_MM = 10;
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

/** `@page { … }` without a name or a pseudo-class; margin boxes inside are cut out first. */
const PAGE_RULE = /@page\s*\{([^{}]*)\}/g;
const MARGIN_BOX = /@(?:top|bottom|left|right)[a-z-]*\s*\{[^{}]*\}/g;
const COMMENT = /\/\*[\s\S]*?\*\//g;

const millimetres = (text: string): number | undefined => (text === '0' ? 0 : parseLength(text));

/** `1`, `1 2`, `1 2 3` or `1 2 3 4` as CSS spreads them over the sides. */
function fourSides(value: string): Partial<Margins> {
  const [top, right = top, bottom = top, left = right] = value.trim().split(/\s+/).map(millimetres);
  const sides = { top, right, bottom, left };
  return Object.fromEntries(Object.entries(sides).filter(([, mm]) => mm !== undefined));
}

function marginsOfCss(css: string): Partial<Margins> {
  let margins: Partial<Margins> = {};
  const plain = css.replace(COMMENT, '').replace(MARGIN_BOX, '');
  for (const [, body = ''] of plain.matchAll(PAGE_RULE)) {
    for (const declaration of body.split(';')) {
      const [name = '', value = ''] = declaration.split(':').map((part) => part.trim());
      const side = SIDES.find((candidate) => name === `margin-${candidate}`);
      if (name === 'margin') margins = { ...margins, ...fourSides(value) };
      else if (side !== undefined) margins = { ...margins, [side]: millimetres(value) ?? margins[side] };
    }
  }
  return margins;
}

function marginsOfManifest(text: string | undefined): Partial<Margins> {
  if (text === undefined) return {};
  try {
    const manifest = JSON.parse(text) as { readonly options?: unknown };
    const { margin } = PrintOptions.parse(manifest.options ?? {});
    if (margin == null) return {};
    if (typeof margin === 'string') return fourSides(margin);
    const sides = SIDES.map((side) => [
      side,
      margin[side] === undefined ? undefined : parseLength(margin[side]),
    ]);
    return Object.fromEntries(sides.filter(([, mm]) => mm !== undefined)) as Partial<Margins>;
  } catch {
    // A manifest with a mistake is reported by what reads it; here the defaults do.
    return {};
  }
}

/** From style sheets (`@page { margin }` wins) and `influxion.json`; what neither says is the default of a print. */
export function pageMargins(styleSheets: readonly string[], manifest: string | undefined): Margins {
  const byDefault = { top: DEFAULT_MM, right: DEFAULT_MM, bottom: DEFAULT_MM, left: DEFAULT_MM };
  return {
    ...byDefault,
    ...marginsOfManifest(manifest),
    ...styleSheets.map(marginsOfCss).reduce((all, some) => ({ ...all, ...some }), {}),
  };
}
