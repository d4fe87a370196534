/** Spoilers of fonts (ISO 19005-1 §6.3, ISO 19005-2 §6.2.11, ISO 14289-1 §7.21, ISO 14289-2 §8.4.5). */
import { OBJECT } from './bases.ts';
import { LENGTH, stream } from './recipe.ts';
import {
  add,
  all,
  change,
  enter,
  LEVEL_A,
  LEVEL_U,
  paint,
  PDFA,
  PDFA_1,
  PDFA_234,
  spoiler,
  UA,
  UA_1,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';
import { trueType, type TrueTypeOptions } from './true-type.ts';

const EVERY = [...PDFA, ...UA] as const;

const program = (options: TrueTypeOptions): Spoil => {
  const font = trueType(options);
  return change(OBJECT.fontFile, /[\s\S]*/, stream(font, `/Length1 ${font.length}`));
};

const simple = (from: string | RegExp, to: string): Spoil => change(OBJECT.simpleFont, from, to);
const cid = (from: string | RegExp, to: string): Spoil => change(OBJECT.cidFont, from, to);
const unicode = (from: string | RegExp, to: string): Spoil => change(OBJECT.toUnicode, from, to);

const cmap = (dict: string, body: string): Spoil =>
  all(
    add({
      80: stream(
        `/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n${body}\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n1 begincidrange <0000> <FFFF> 0 endcidrange endcmap end end`,
        `/Type/CMap/CMapName/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>${dict}`,
      ),
    }),
    change(OBJECT.compositeFont, '/Encoding/Identity-H', '/Encoding 80 0 R'),
  );

export const FONTS: readonly Spoiler[] = [
  spoiler('6.3.2-1 a font without a type', PDFA, simple('/Type/Font/', '/')),
  spoiler('6.3.2-2 a font of an unknown kind', PDFA, simple('/Subtype/TrueType', '/Subtype/Other')),
  spoiler('6.3.2-3 a font without a name', PDFA, simple('/BaseFont/ABCDEF+Made', '')),
  spoiler('6.3.2-4 a font without its first character', PDFA, simple('/FirstChar 32', '')),
  spoiler('6.3.2-5 a font without its last character', PDFA, simple('/LastChar 126', '')),
  spoiler('6.3.2-6 a font without widths', PDFA, simple(/\/Widths\[.*?\]/, '')),
  spoiler('6.3.2-6 too few widths', PDFA, simple(' 600]', ']')),
  spoiler('6.3.2-7 a font file of an unknown kind', PDFA, enter(OBJECT.fontFile, '/Subtype/Other')),
  spoiler(
    '6.3.3.1-1 a CMap and a font of other collections',
    EVERY,
    all(cmap('', '/WMode 0 def'), cid('(Identity)', '(Japan1)')),
  ),
  spoiler('6.3.3.1 a CMap of its own', EVERY, cmap('/WMode 0', '/WMode 0 def')),
  spoiler('6.3.3.2-1 no map from CIDs to glyphs', EVERY, cid('/CIDToGIDMap/Identity', '')),
  spoiler('6.3.3.3-1 a CMap that is unknown', EVERY, change(OBJECT.compositeFont, 'Identity-H', 'Unknown-H')),
  spoiler('6.3.3.3-2 a CMap with two directions', EVERY, cmap('/WMode 1', '/WMode 0 def')),
  spoiler(
    '6.3.4-1 a simple font that is not embedded',
    EVERY,
    change(OBJECT.simpleDescriptor, '/FontFile2 10 0 R', ''),
  ),
  spoiler(
    '6.3.4-1 a composite font that is not embedded',
    EVERY,
    change(OBJECT.cidDescriptor, '/FontFile2 10 0 R', ''),
  ),
  spoiler('6.3.4-1 a font without a descriptor', EVERY, simple('/FontDescriptor 9 0 R', '')),
  spoiler(
    '6.3.4-1 a font file that is broken',
    EVERY,
    change(OBJECT.fontFile, /stream\n[\s\S]*\nendstream/, 'stream\nxxxx\nendstream'),
  ),
  spoiler(
    '6.3.4 a font that is only invisible',
    EVERY,
    all(
      change(OBJECT.simpleDescriptor, '/FontFile2 10 0 R', ''),
      change(OBJECT.content, /Tf /g, 'Tf 3 Tr '),
      change(OBJECT.appearance, 'Tf ', 'Tf 3 Tr '),
    ),
  ),
  spoiler('6.3.5-1 a font without glyphs that are shown', EVERY, program({ glyphs: 60 })),
  spoiler(
    '6.3.5-3 a CIDSet without glyphs that are there',
    EVERY.filter((one) => one !== 'pdf/a-4' && one !== 'pdf/ua-2'),
    change(OBJECT.cidSet, /\xff{12}/, '\xff\xff\xff\0\0\0\0\0\0\0\0\0'),
  ),
  spoiler(
    '6.3.5-3 no CIDSet',
    [...PDFA_1, 'pdf/a-2b', 'pdf/ua-1'],
    change(OBJECT.cidDescriptor, '/CIDSet 15 0 R', ''),
  ),
  spoiler(
    '6.3.6-1 widths that the program does not have',
    EVERY,
    simple(/\/Widths\[.*?\]/, `/Widths[${'500 '.repeat(95)}]`),
  ),
  spoiler(
    '6.3.6 widths that differ by one',
    EVERY,
    simple(/\/Widths\[.*?\]/, `/Widths[${'601 '.repeat(95)}]`),
  ),
  spoiler(
    '6.3.6-1 widths of a composite font that the program does not have',
    EVERY,
    cid('/DW 600', '/DW 500'),
  ),
  spoiler('6.3.6-1 one width of a composite font', EVERY, enter(OBJECT.cidFont, '/W[80[600 700 600]]')),
  spoiler('6.3.7-1 an encoding that is not for text', EVERY, simple('WinAnsiEncoding', 'MacExpertEncoding')),
  spoiler('6.3.7-1 no encoding', EVERY, simple('/Encoding/WinAnsiEncoding', '')),
  spoiler('6.3.7 the encoding of the Macintosh', EVERY, simple('WinAnsiEncoding', 'MacRomanEncoding')),
  spoiler(
    '6.2.11.6-2 differences that have no Unicode text',
    EVERY,
    simple(
      '/Encoding/WinAnsiEncoding',
      '/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[200/unheardof]>>',
    ),
  ),
  spoiler(
    '6.3.7 differences with known names',
    EVERY,
    simple('/Encoding/WinAnsiEncoding', '/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[200/A]>>'),
  ),
  spoiler(
    '6.3.7-2 a symbolic font with an encoding',
    EVERY,
    change(OBJECT.simpleDescriptor, '/Flags 32', '/Flags 4'),
  ),
  spoiler(
    '6.3.7-3 a symbolic font with two maps',
    EVERY,
    all(
      program({
        cmaps: [
          [1, 0],
          [3, 1],
        ],
      }),
      change(OBJECT.simpleDescriptor, '/Flags 32', '/Flags 4'),
      simple('/Encoding/WinAnsiEncoding', '/ToUnicode 14 0 R'),
    ),
  ),
  spoiler('6.2.11.6-1 a font with the symbolic map alone', EVERY, program({ cmaps: [[3, 0]] })),
  spoiler('6.2.11.6-1 a font without maps', EVERY, program({ without: ['cmap'] })),
  spoiler('6.3.7 a font with the map of the Macintosh', EVERY, program({ cmaps: [[1, 0]] })),
  spoiler(
    '6.3.8-1 a composite font without Unicode texts',
    [...LEVEL_A, ...LEVEL_U, ...UA, 'pdf/a-2b'],
    change(OBJECT.compositeFont, '/ToUnicode 14 0 R', ''),
  ),
  spoiler(
    '6.2.11.7.2-1 Unicode texts for some glyphs',
    [...LEVEL_A, ...LEVEL_U, ...UA, 'pdf/a-4'],
    unicode('<005F>', '<0040>'),
  ),
  spoiler(
    '6.2.11.7.2-2 the Unicode text U+0000',
    [...LEVEL_A, ...LEVEL_U, ...UA, 'pdf/a-4'],
    unicode('<0001> <005F> <0020>', '<0001> <0058> <0000>'),
  ),
  spoiler(
    '6.2.11.7.2-2 the Unicode text U+FEFF',
    [...LEVEL_A, ...LEVEL_U, ...UA, 'pdf/a-4'],
    unicode(
      '1 beginbfrange\n<0001> <005F> <0020>\nendbfrange',
      '1 beginbfrange\n<0001> <0057> <0020>\nendbfrange\n4 beginbfchar <0050> <FEFF> <0053> <FEFF> <0054> <0074> <0045> <FEFF> endbfchar',
    ),
  ),
  spoiler(
    '6.2.11.7.3-1 Unicode texts for private use',
    [...LEVEL_A, ...LEVEL_U, ...UA, 'pdf/a-4'],
    unicode('<0001> <005F> <0020>', '<0001> <005F> <E020>'),
  ),
  spoiler(
    '6.2.11.8-1 the glyph that stands for none',
    EVERY,
    paint(OBJECT.content, '/Artifact BMC BT /F2 12 Tf <0000> Tj ET EMC'),
  ),
  spoiler(
    '6.2.11.8 a code beyond the glyphs',
    EVERY,
    paint(OBJECT.content, '/Artifact BMC BT /F2 12 Tf <0100> Tj ET EMC'),
  ),
  spoiler(
    '6.2.11.8 a code that the encoding does not have',
    [...PDFA_234, ...UA_1],
    paint(OBJECT.content, '/Artifact BMC BT /F1 12 Tf <81> Tj ET EMC'),
  ),
  spoiler(
    '6.3.4 a font of glyphs that are drawn',
    EVERY,
    all(
      add({
        80: `<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 65/LastChar 65/Widths[600]/Encoding<</Differences[65/A]>>/CharProcs<</A 81 0 R>>/Resources<<>>>>`,
        81: `<<${LENGTH}>>\nstream\n600 0 0 0 500 500 d1 0 0 500 500 re f\nendstream`,
      }),
      change(OBJECT.page, '/F1 8 0 R', '/F1 8 0 R/F3 80 0 R'),
      paint(OBJECT.content, '/Artifact BMC BT /F3 12 Tf (A) Tj ET EMC'),
    ),
  ),
  spoiler(
    '6.3.6-1 a drawn glyph of another width',
    EVERY,
    all(
      add({
        80: `<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 65/LastChar 65/Widths[700]/Encoding<</Differences[65/A]>>/CharProcs<</A 81 0 R>>/Resources<<>>>>`,
        81: `<<${LENGTH}>>\nstream\n600 0 0 0 500 500 d1 0 0 500 500 re f\nendstream`,
      }),
      change(OBJECT.page, '/F1 8 0 R', '/F1 8 0 R/F3 80 0 R'),
      paint(OBJECT.content, '/Artifact BMC BT /F3 12 Tf (A) Tj ET EMC'),
    ),
  ),
];
