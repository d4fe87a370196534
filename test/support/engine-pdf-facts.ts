/** What a printed document shows, as a reader of PDF finds it. */
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PrintResult } from '../../core/pdf/engine.ts';
import { wholePdf } from './engine-requests.ts';

export interface PdfFacts {
  readonly pages: readonly PageFacts[];
  /** Titles of the bookmarks, in order, children after their parents. */
  readonly outline: readonly string[];
  readonly tagged: boolean;
  readonly fonts: readonly string[];
  readonly bytes: number;
}

export interface PageFacts {
  /** Points. */
  readonly width: number;
  readonly height: number;
  readonly text: string;
  /** Where the first text stands, points from the lower left corner, and its size. */
  readonly first: { readonly x: number; readonly y: number; readonly size: number } | undefined;
  /** Fill colours as `#rrggbb`. */
  readonly fills: ReadonlySet<string>;
  readonly images: number;
}

interface OutlineNode {
  readonly title: string;
  readonly items: OutlineNode[];
}

export async function pdfFacts(result: Pick<PrintResult, 'pdf'>): Promise<PdfFacts> {
  const bytes = await wholePdf(result.pdf);
  const text = Buffer.from(bytes).toString('latin1');
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  try {
    const document = await task.promise;
    const pages: PageFacts[] = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
      const { items } = await page.getTextContent();
      const texts = items.flatMap((item) => ('str' in item ? [item] : []));
      const first = texts.find((item) => item.str.trim() !== '');
      const transform = first?.transform as number[] | undefined;
      const operators = await page.getOperatorList();
      const args = operators.argsArray as unknown[][];
      const fills = new Set<string>();
      let images = 0;
      operators.fnArray.forEach((operator, index) => {
        if (operator === OPS.setFillRGBColor) fills.add(String(args[index]?.[0]));
        if (operator === OPS.paintImageXObject || operator === OPS.paintImageMaskXObject) images += 1;
      });
      pages.push({
        width: right - left,
        height: top - bottom,
        text: texts
          .map((item) => item.str + (item.hasEOL ? '\n' : ''))
          .join('')
          .replaceAll(/\s+/g, ' ')
          .trim(),
        first: transform && { x: transform[4] ?? 0, y: transform[5] ?? 0, size: Math.abs(transform[3] ?? 0) },
        fills,
        images,
      });
    }
    const titles = (nodes: OutlineNode[]): string[] =>
      nodes.flatMap((node) => [node.title, ...titles(node.items)]);
    const outline = (await document.getOutline()) as OutlineNode[] | null;
    return {
      pages,
      outline: titles(outline ?? []),
      tagged: /\/MarkInfo\s*<<[^>]*\/Marked true/.test(text) && text.includes('/StructTreeRoot'),
      fonts: [
        ...new Set(
          [...text.matchAll(/\/BaseFont \/(?:[A-Z]{6}\+)?([\w-]+)/g)].map((match) => match[1] ?? ''),
        ),
      ],
      bytes: bytes.length,
    };
  } finally {
    await task.destroy();
  }
}
