import type { PrintSettings } from '../../core/pdf/engine.ts';

/** An empty template would make Chromium print the date and the title. */
const NOTHING = '<span></span>';

/** `Page.printToPDF` with every option said: defaults differ between engines and versions. */
export function printParameters(settings: PrintSettings, stream: boolean): Record<string, unknown> {
  return {
    landscape: false,
    displayHeaderFooter: settings.headerHtml !== undefined || settings.footerHtml !== undefined,
    headerTemplate: settings.headerHtml ?? NOTHING,
    footerTemplate: settings.footerHtml ?? NOTHING,
    printBackground: settings.background,
    scale: settings.scale,
    paperWidth: settings.paper.width,
    paperHeight: settings.paper.height,
    marginTop: settings.margins.top,
    marginRight: settings.margins.right,
    marginBottom: settings.margins.bottom,
    marginLeft: settings.margins.left,
    pageRanges: settings.pageRanges,
    preferCSSPageSize: settings.preferCssPageSize,
    // An outline without tags silently yields no outline (electron#45124, gotenberg#1579).
    generateTaggedPDF: settings.tagged || settings.outline,
    generateDocumentOutline: settings.outline,
    transferMode: stream ? 'ReturnAsStream' : 'ReturnAsBase64',
  };
}
