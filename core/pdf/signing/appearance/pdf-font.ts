/** A font of a signature's text as PDF objects (ISO 32000-2 §9.7): embedded, with widths and the way back to characters. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, PdfString, type PdfRef } from '../../revision/objects.ts';
import { subsetFont } from './font-subset.ts';
import type { TrueType } from './true-type.ts';

const SYMBOLIC = 4;
/** What Arimo's regular weight has; it only helps readers that replace the font, which is embedded. */
const STEM = 80;

export interface FontCharacter {
  /** Of the source font. */
  readonly glyph: number;
  readonly text: string;
}

/**
 * Adds the font to the document. `characters`: in the order in which they get the codes 1, 2, …
 * `cidSet`: PDF/A-1 asks for it (ISO 19005-1 §6.3.5), later parts forbid a wrong one, so that it is left out.
 */
export function addFont(
  document: Pick<PdfDocument, 'add'>,
  { font, characters, cidSet }: { font: TrueType; characters: readonly FontCharacter[]; cidSet: boolean },
): PdfRef {
  const { program, glyphs } = subsetFont(
    font,
    characters.map(({ glyph }) => glyph),
  );
  const baseFont = name(`${tagOf(program)}+${font.postScriptName}`);
  const scale = (units: number): number => Math.round((units * 1000) / font.unitsPerEm);
  const file = document.add(stream(program, { Length1: program.length }));
  const descriptor = document.add(
    PdfDict.of({
      Type: name('FontDescriptor'),
      FontName: baseFont,
      Flags: SYMBOLIC,
      FontBBox: font.box.map(scale),
      ItalicAngle: 0,
      Ascent: scale(font.ascent),
      Descent: scale(font.descent),
      CapHeight: scale(font.capHeight),
      StemV: STEM,
      FontFile2: file,
      CIDSet: cidSet ? document.add(stream(allOf(glyphs.length))) : undefined,
    }),
  );
  const text = (latin1: string): PdfString => new PdfString(Buffer.from(latin1, 'latin1'));
  const descendant = document.add(
    PdfDict.of({
      Type: name('Font'),
      Subtype: name('CIDFontType2'),
      BaseFont: baseFont,
      CIDSystemInfo: PdfDict.of({ Registry: text('Adobe'), Ordering: text('Identity'), Supplement: 0 }),
      FontDescriptor: descriptor,
      W: [0, glyphs.map((glyph) => scale(font.advanceOf(glyph)))],
      CIDToGIDMap: name('Identity'),
    }),
  );
  return document.add(
    PdfDict.of({
      Type: name('Font'),
      Subtype: name('Type0'),
      BaseFont: baseFont,
      Encoding: name('Identity-H'),
      DescendantFonts: [descendant],
      ToUnicode: document.add(stream(Buffer.from(toUnicode(characters.map(({ text }) => text))))),
    }),
  );
}

function stream(bytes: Uint8Array, entries: Readonly<Record<string, number>> = {}): PdfStream {
  return PdfStream.of(PdfDict.of({ Filter: name('FlateDecode'), ...entries }), deflateSync(bytes));
}

/** Six letters that differ for different subsets (ISO 32000-2 §9.9.2). */
function tagOf(program: Uint8Array): string {
  const digest = createHash('sha256').update(program).digest().subarray(0, 6);
  return [...digest].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

/** A bit for every one of the first `count` glyphs, from the highest bit of the first byte. */
function allOf(count: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(count / 8), 0xff);
  if (count % 8 !== 0) bits[bits.length - 1] = (0xff << (8 - (count % 8))) & 0xff;
  return bits;
}

const MOST_ROWS = 100;

/** ISO 32000-2 §9.10.3. Code n stands for the n-th text. */
function toUnicode(texts: readonly string[]): string {
  const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
  const utf16 = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
  const rows = texts.map((text, index) => `<${hex(index + 1)}> <${utf16(text)}>`);
  const blocks: string[] = [];
  for (let at = 0; at < rows.length; at += MOST_ROWS) {
    const block = rows.slice(at, at + MOST_ROWS);
    blocks.push(`${block.length} beginbfchar`, ...block, 'endbfchar');
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <FFFF>',
    'endcodespacerange',
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}
