/** Objects of a composite font, as Chromium writes them, around a TrueType program with the tables that are asked about. */
import { streamBody, type BuiltObject } from './pdf-builder.ts';

/** `glyphs`: bytes of outline by glyph number. */
export function fontProgram(glyphs: readonly number[]): string {
  const loca = [0];
  for (const length of glyphs) loca.push((loca.at(-1) ?? 0) + length);
  const head = '\0'.repeat(51) + '\x01' + '\0\0';
  const maxp = `\0\x01\0\0${String.fromCharCode(glyphs.length >> 8, glyphs.length & 255)}`;
  const long = (value: number): string => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes.toString('latin1');
  };
  const tables = [
    ['head', head],
    ['maxp', maxp],
    ['loca', loca.map(long).join('')],
    ['glyf', '\0'.repeat(loca.at(-1) ?? 0)],
  ] as const;
  let offset = 12 + tables.length * 16;
  let directory = `\0\x01\0\0\0${String.fromCharCode(tables.length)}\0\0\0\0\0\0`;
  for (const [tag, data] of tables) {
    directory += `${tag}\0\0\0\0${long(offset)}${long(data.length)}`;
    offset += data.length;
  }
  return directory + tables.map(([, data]) => data).join('');
}

/** Six objects from number `first`, which is the font. `texts`: by code, as UTF-16 in hexadecimal. */
export function compositeFont(
  first: number,
  {
    glyphs,
    widths,
    texts,
  }: {
    readonly glyphs: readonly number[];
    readonly widths: string;
    readonly texts: Readonly<Record<string, string>>;
  },
): BuiltObject[] {
  const chars = Object.entries(texts).map(([code, text]) => `<${code}> <${text}>`);
  const map = `${chars.length} beginbfchar\n${chars.join('\n')}\nendbfchar`;
  return [
    {
      number: first,
      body: `<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Test/Encoding/Identity-H/DescendantFonts[${first + 1} 0 R]/ToUnicode ${first + 2} 0 R>>`,
    },
    {
      number: first + 1,
      body: `<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Test/CIDToGIDMap/Identity/FontDescriptor ${first + 3} 0 R/W[${widths}]/DW 0>>`,
    },
    { number: first + 2, body: streamBody(map) },
    {
      number: first + 3,
      body: `<</Type/FontDescriptor/FontName/AAAAAA+Test/FontFile2 ${first + 4} 0 R>>`,
    },
    { number: first + 4, body: streamBody(fontProgram(glyphs)) },
  ];
}

/** One page that shows these operations with the font `/F1`, which has the glyphs 1 (A), 2 (an empty space), 3 and 4. */
export function pageWithFont(content: string): BuiltObject[] {
  return [
    { number: 1, body: '<</Type/Catalog/Pages 2 0 R>>' },
    { number: 2, body: '<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>' },
    { number: 3, body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 10 0 R>>>>>>' },
    { number: 4, body: streamBody(content) },
    ...compositeFont(10, {
      glyphs: [10, 10, 0, 10, 10],
      widths: '0 [500] 1 [600]',
      texts: { '0001': '0041', '0002': '0020', '0004': 'E123' },
    }),
  ];
}
