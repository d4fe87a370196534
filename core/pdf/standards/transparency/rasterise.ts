/** Turns the transparent pages of a PDF/A-1 document into pictures, under text that can still be selected and read. */
import { contentParts } from '../../content/content-parts.ts';
import { flateStream } from '../../content/page-content.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { numberOf, PdfDict, type PdfObject } from '../../revision/objects.ts';
import { deleteUnreachable } from '../../revision/reachable.ts';
import type { Findings } from '../findings.ts';
import { transparencyOf, type TransparencyCause } from './find-transparency.ts';
import { pagePictures, type PagePicture } from './page-pictures.ts';
import { pictureStream } from './picture-stream.ts';
import { TextLayers } from './text-layer.ts';

interface TransparentPage extends PageBox {
  readonly page: PdfPage;
  readonly number: number;
  readonly causes: readonly TransparencyCause[];
}

interface PageBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether there was anything to do. The pages are painted as the file has them, before any change of the document. */
export async function rasterise(document: PdfDocument, findings: Findings): Promise<boolean> {
  const transparent: TransparentPage[] = [];
  const shared = new Set<number>();
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    const causes = transparencyOf(document, page);
    if (causes.length > 0) transparent.push({ page, number, causes, ...boxOf(document, page) });
    else for (const { ref } of contentParts(document, page)) if (ref !== undefined) shared.add(ref.number);
  }
  if (transparent.length === 0) return false;
  const layers = new TextLayers(document, shared);
  let index = 0;
  for await (const picture of pagePictures(document.reader.source, transparent)) {
    const each = transparent[index];
    index += 1;
    if (each === undefined || picture === undefined) continue;
    replacePage(document, each, { picture, layers });
    const [cause] = each.causes;
    findings.warn({
      code: 'PAGE_RASTERISED',
      message: `Page ${each.number} is a picture, since PDF/A-1 allows no transparency and it has ${cause?.what ?? 'some'}; its text can still be selected`,
      page: each.number,
    });
  }
  deleteUnreachable(document);
  return true;
}

/** The visible part of a page, points. */
function boxOf(document: PdfDocument, page: PdfPage): PageBox {
  const box = [page.inherited('CropBox'), page.inherited('MediaBox')].find((each) => Array.isArray(each));
  const numbers = (box ?? []).map((side) => numberOf(document.resolve(side)) ?? 0);
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers;
  return {
    x: Math.min(x1, x2),
    y: Math.min(y1, y2),
    width: Math.abs(x2 - x1),
    height: Math.abs(y2 - y1),
  };
}

const PICTURE = 'Picture';

function replacePage(
  document: PdfDocument,
  { page, x, y, width, height }: TransparentPage,
  { picture, layers }: { readonly picture: PagePicture; readonly layers: TextLayers },
): void {
  const [part] = contentParts(document, page);
  if (part === undefined) return;
  const { content, resources } = layers.of(part);
  const image = document.add(pictureStream(picture));
  const forms = resources.get('XObject');
  const entries: [string, PdfObject][] = forms instanceof PdfDict ? [...forms] : [];
  resources.set('XObject', new PdfDict([...entries, [PICTURE, image]]));
  const head = `/Artifact BMC\nq ${width} 0 0 ${height} ${x} ${y} cm /${PICTURE} Do Q\nEMC\n3 Tr\n`;
  const stream = flateStream(new PdfDict(), Buffer.concat([Buffer.from(head, 'latin1'), content]));
  const dict = document.editDict(page.ref);
  dict.set('Contents', document.add(stream)).set('Resources', resources).delete('Group');
}
