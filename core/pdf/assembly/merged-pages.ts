/** Pages on their way into a merged file. */
import { deflateSync } from 'node:zlib';
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { name, numberOf, PdfDict, PdfRef, PdfStream, type PdfObject } from '../revision/objects.ts';
import type { ObjectCopier } from './object-copier.ts';
import type { OutputFile } from './output-file.ts';
import { boxOf, type Stamper } from './page-stamp.ts';
import type { PageTree } from './trees.ts';

const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;
/** Of the tree that the page stood in, and of threads through a document (ISO 32000-2 §12.4.3). */
const LEFT_OUT = new Set<string>(['Parent', 'B', ...INHERITED, 'Contents', 'Annots']);
/** In the resources of a page, which may have any others. */
const STAMP_FONT = 'InfluxionPageNumber';

export interface PageTarget {
  readonly out: OutputFile;
  readonly tree: PageTree;
  readonly stamper: Stamper | undefined;
}

/** Gives every page its new number, so that whatever refers to it finds it. */
export function numberPages(
  document: PdfDocument,
  copier: ObjectCopier,
  out: OutputFile,
): { readonly page: PdfPage; readonly ref: PdfRef }[] {
  return [...document.pages()].map((page) => {
    const ref = out.reserve();
    copier.map(page.ref, ref);
    return { page, ref };
  });
}

/** Writes a page; what it refers to follows when the copier drains. */
export function copyPage(
  { page, ref }: { readonly page: PdfPage; readonly ref: PdfRef },
  source: { readonly document: PdfDocument; readonly copier: ObjectCopier },
  { out, tree, stamper }: PageTarget,
): void {
  const { document, copier } = source;
  const dict = new PdfDict([
    ['Type', name('Page')],
    ['Parent', tree.add(ref)],
  ]);
  for (const key of INHERITED) {
    const value = page.inherited(key);
    if (value !== null && key !== 'Resources') dict.set(key, copier.value(value));
  }
  const kept = [...page.dict].filter(([key]) => !LEFT_OUT.has(key));
  for (const [key, value] of copier.value(new PdfDict(kept)) as PdfDict) dict.set(key, value);
  const annotations = document.arrayAt(page.dict, 'Annots') ?? [];
  // Those of signatures are left out.
  const annots = annotations.map((each) => copier.value(each)).filter((each) => each !== null);
  if (annots.length > 0) dict.set('Annots', annots);
  const resources = resourcesOf(document, page);
  const contents = contentsOf(document, page).map((each) => copier.shared(each));
  if (stamper === undefined) {
    dict.set('Resources', copier.shared(resources));
    dict.set('Contents', contents.length === 1 ? (contents[0] ?? null) : contents);
  } else {
    dict.set('Resources', withFont(document, copier, resources, stamper.font));
    const box = boxOf(firstOf(page.inherited('CropBox'), page.inherited('MediaBox')), (each) =>
      document.resolve(each),
    );
    const rotation = numberOf(page.inherited('Rotate')) ?? 0;
    const stamp = `Q\n${stamper.content(tree.pages, box, rotation, STAMP_FONT)}`;
    dict.set('Contents', [content(out, 'q\n'), ...contents, content(out, stamp)]);
  }
  out.put(ref, dict);
}

const firstOf = (...objects: readonly PdfObject[]): PdfObject =>
  objects.find((object) => object !== null) ?? null;

/** As a reference where it is one, so that pages with the same resources go on sharing them. */
function resourcesOf(document: PdfDocument, page: PdfPage): PdfObject {
  const own = page.dict.get('Resources');
  if (own instanceof PdfRef && document.resolve(own) instanceof PdfDict) return own;
  const inherited = page.inherited('Resources');
  return inherited instanceof PdfDict ? inherited : new PdfDict();
}

function contentsOf(document: PdfDocument, { dict }: PdfPage): readonly PdfObject[] {
  const held = dict.get('Contents');
  const contents = document.resolve(held);
  if (Array.isArray(contents)) return contents;
  return contents instanceof PdfStream && held !== undefined ? [held] : [];
}

function withFont(document: PdfDocument, copier: ObjectCopier, resources: PdfObject, font: PdfRef): PdfDict {
  const old = document.resolve(resources) as PdfDict;
  const copy = new PdfDict();
  for (const [key, value] of old) if (key !== 'Font') copy.set(key, copier.shared(value));
  const fonts = new PdfDict();
  for (const [key, value] of document.dictAt(old, 'Font') ?? []) fonts.set(key, copier.shared(value));
  return copy.set('Font', fonts.set(STAMP_FONT, font));
}

function content(out: OutputFile, text: string): PdfRef {
  const bytes = deflateSync(Buffer.from(text, 'latin1'));
  return out.share(PdfStream.of(PdfDict.of({ Filter: name('FlateDecode') }), bytes));
}
