/** The CIDSet that PDF/A-1 wants of every subset (ISO 19005-1 §6.3.5): a bit for each CID that the font program has. */
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream } from '../../revision/objects.ts';
import { glyphOutlines } from './font-program.ts';
import { toUnicodeOf } from '../../content/to-unicode.ts';
import { usedFonts } from './used-fonts.ts';
import { cidsWithWidth } from './widths.ts';

const SUBSET = /^[A-Z]{6}\+/;

/**
 * Adds the sets. A glyph without outline, such as a space, counts as well: it has a width or stands for text. Later parts of
 * PDF/A take a set only when it is complete, and need none.
 */
export function addCidSets(document: PdfDocument): void {
  for (const font of usedFonts(document)) {
    const [descendant] = document.arrayAt(font, 'DescendantFonts') ?? [];
    const cidFont = document.resolve(descendant);
    if (!(cidFont instanceof PdfDict) || !SUBSET.test(document.nameAt(font, 'BaseFont') ?? '')) continue;
    const descriptor = cidFont.get('FontDescriptor');
    if (!(descriptor instanceof PdfRef) || document.dictAt(cidFont, 'FontDescriptor')?.has('CIDSet'))
      continue;
    const bits = deflateSync(bitsOf(cidsOf(document, font, cidFont)));
    const stream = PdfStream.of(PdfDict.of({ Filter: name('FlateDecode') }), bits);
    document.editDict(descriptor).set('CIDSet', document.add(stream));
  }
}

function cidsOf(document: PdfDocument, font: PdfDict, cidFont: PdfDict): Set<number> {
  const cids = cidsWithWidth(document, cidFont).add(0);
  const toUnicode = document.streamAt(font, 'ToUnicode');
  if (toUnicode !== undefined) {
    for (const code of toUnicodeOf(document, toUnicode).keys()) cids.add(code);
  }
  const program = document.streamAt(document.dictAt(cidFont, 'FontDescriptor'), 'FontFile2');
  const outlines = program && glyphOutlines(document.decodedBytes(program));
  for (let glyph = 0; glyph < (outlines?.count ?? 0); glyph += 1) if (outlines?.has(glyph)) cids.add(glyph);
  return cids;
}

/** The highest bit of the first byte is CID 0 (ISO 32000-1 table 124). */
function bitsOf(cids: ReadonlySet<number>): Uint8Array {
  let highest = 0;
  for (const cid of cids) if (cid > highest) highest = cid;
  const bits = new Uint8Array((highest >> 3) + 1);
  for (const cid of cids) bits[cid >> 3] = (bits[cid >> 3] ?? 0) | (0x80 >> (cid & 7));
  return bits;
}
