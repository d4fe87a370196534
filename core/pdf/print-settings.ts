import { PAPER_SIZES, parseLength, type PrintOptions } from '../../contract/page.ts';
import { InfluxionError } from '../error.ts';
import type { PageMargins, PrintSettings } from './engine.ts';

const MM_PER_INCH = 25.4;
const DEFAULT_MARGIN = '10mm';
/** Room that must be left for content, in inches: below it Chromium answers only «invalid print parameters». */
const LEAST_CONTENT = 0.1;

function inches(length: string): number {
  const mm = parseLength(length);
  if (mm === undefined) {
    throw new InfluxionError('VALIDATION_FAILED', `"${length}" is not a length such as "15mm".`);
  }
  return mm / MM_PER_INCH;
}

function paperInches(options: PrintOptions): { width: number; height: number } {
  const size = options.page_size ?? 'A4';
  const [width, height] =
    typeof size === 'string'
      ? [PAPER_SIZES[size][0] / MM_PER_INCH, PAPER_SIZES[size][1] / MM_PER_INCH]
      : [inches(size.width), inches(size.height)];
  return options.landscape === true ? { width: height, height: width } : { width, height };
}

function marginInches(options: PrintOptions): PageMargins {
  const margin = options.margin ?? DEFAULT_MARGIN;
  const side = (name: keyof PageMargins): number =>
    inches(typeof margin === 'string' ? margin : (margin[name] ?? DEFAULT_MARGIN));
  return { top: side('top'), right: side('right'), bottom: side('bottom'), left: side('left') };
}

function refuseMarginsWithoutRoom(paper: { width: number; height: number }, margins: PageMargins): void {
  const width = paper.width - margins.left - margins.right;
  const height = paper.height - margins.top - margins.bottom;
  if (width >= LEAST_CONTENT && height >= LEAST_CONTENT) return;
  const message =
    'The margins leave no room for content on this paper; make them smaller or the paper larger.';
  throw new InfluxionError('VALIDATION_FAILED', message, { errors: [{ path: 'options.margin', message }] });
}

/**
 * Fills in every default and turns lengths into inches.
 * Throws VALIDATION_FAILED when the margins leave no room on the paper.
 */
export function resolvePrintSettings(
  options: PrintOptions,
  rendered: { readonly header: string | undefined; readonly footer: string | undefined },
): PrintSettings {
  const paper = paperInches(options);
  const margins = marginInches(options);
  refuseMarginsWithoutRoom(paper, margins);
  const outline = options.outline ?? false;
  return {
    paper,
    preferCssPageSize: options.page_size == null,
    margins,
    scale: options.scale ?? 1,
    pageRanges: options.page_ranges?.replaceAll(/\s/g, '') ?? '',
    headerHtml: rendered.header,
    footerHtml: rendered.footer,
    background: options.background ?? true,
    tagged: outline,
    outline,
  };
}
