import type { PrintToPDFOptions } from 'electron';
import type { PrintSettings } from '../../core/pdf/engine.ts';

/** An empty template would make Chromium print the date and the title. */
const NOTHING = '<span></span>';

/**
 * Every option said: defaults differ between engines and versions. Lengths in inches. Throws a RangeError for margins
 * without room between them, which Electron answers with an error or, where it is older, with a crash.
 */
export function printOptions(settings: PrintSettings): Required<PrintToPDFOptions> {
  const { paper, margins } = settings;
  if (margins.top + margins.bottom >= paper.height || margins.left + margins.right >= paper.width) {
    throw new RangeError('invalid print parameters: content area is empty');
  }
  return {
    landscape: false,
    displayHeaderFooter: settings.headerHtml !== undefined || settings.footerHtml !== undefined,
    headerTemplate: settings.headerHtml ?? NOTHING,
    footerTemplate: settings.footerHtml ?? NOTHING,
    printBackground: settings.background,
    scale: settings.scale,
    pageSize: { width: paper.width, height: paper.height },
    margins: { top: margins.top, bottom: margins.bottom, left: margins.left, right: margins.right },
    pageRanges: settings.pageRanges,
    preferCSSPageSize: settings.preferCssPageSize,
    // An outline without tags silently yields no outline (electron#45124).
    generateTaggedPDF: settings.tagged || settings.outline,
    generateDocumentOutline: settings.outline,
  };
}
