/**
 * One document at every level, written by hand so that each thing a level has rules about is there once: text in a simple and in
 * a composite font, an image, a form XObject, an axial shading, spot colour, a link, a field, a file, layers, bookmarks, tags.
 */
import { srgbProfile } from '../../../core/pdf/standards/colour/srgb.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import { standardsFrom } from '../../../core/pdf/standards/model.ts';
import { assemble, stream, type Recipe } from './recipe.ts';
import { structure } from './structure.ts';
import { glyphOf, trueType } from './true-type.ts';
import { xmp } from './xmp.ts';

/** Object numbers, for spoilers that speak of one. */
export const OBJECT = {
  catalog: 1,
  pages: 2,
  page: 3,
  content: 4,
  metadata: 5,
  intent: 6,
  profile: 7,
  simpleFont: 8,
  simpleDescriptor: 9,
  fontFile: 10,
  compositeFont: 11,
  cidFont: 12,
  cidDescriptor: 13,
  toUnicode: 14,
  cidSet: 15,
  image: 16,
  form: 17,
  shading: 18,
  spot: 19,
  tint: 20,
  link: 21,
  widget: 22,
  appearance: 23,
  acroForm: 24,
  outlines: 25,
  bookmark: 26,
  state: 27,
  layer: 28,
  fileSpec: 29,
  file: 30,
  info: 31,
  iccSpace: 32,
} as const;

const WIDTHS = Array.from({ length: 95 }, () => 600).join(' ');
const ID = '/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]';

const hex = (text: string): string =>
  Array.from(text, (character) => glyphOf(character).toString(16).padStart(4, '0')).join('');

export const COMPOSITE_TEXT = 'Words';

const CONTENT = `q
/Artifact BMC
1 0 0 rg 0 0 100 10 re f
/Fm1 Do
/Sh1 sh
EMC
Q
/H1 <</MCID 0>> BDC
BT /F1 12 Tf 0 0 0 rg 50 700 Td (Heading) Tj ET
EMC
/P <</MCID 1>> BDC
BT /F2 12 Tf 50 680 Td <${hex(COMPOSITE_TEXT)}> Tj ET
EMC
/Lbl <</MCID 2>> BDC
BT /F1 12 Tf 50 660 Td (1) Tj ET
EMC
/LBody <</MCID 3>> BDC
BT /F1 12 Tf 70 660 Td (Item) Tj ET
EMC
/TH <</MCID 4>> BDC
BT /F1 12 Tf 50 640 Td (Head) Tj ET
EMC
/TH <</MCID 5>> BDC
BT /F1 12 Tf 150 640 Td (More) Tj ET
EMC
/TD <</MCID 6>> BDC
BT /F1 12 Tf 50 620 Td (Cell) Tj ET
EMC
/TD <</MCID 7>> BDC
BT /F1 12 Tf 150 620 Td (Next) Tj ET
EMC
/Figure <</MCID 8>> BDC
q /G1 gs 50 0 0 50 50 550 cm /Im1 Do Q
/Cs1 cs 1 scn 200 550 20 20 re f
EMC
/Link <</MCID 9>> BDC
BT /F1 12 Tf 0 0 0 rg 50 500 Td (Link) Tj ET
EMC
/Note <</MCID 10>> BDC
BT /F1 12 Tf 50 480 Td (Note) Tj ET
EMC
/OC /Layer1 BDC
EMC`;

const TO_UNICODE = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0001> <005F> <0020>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;

const descriptor = (flags: number, more = ''): string =>
  `<</Type/FontDescriptor/FontName/ABCDEF+Made/Flags ${flags}/FontBBox[0 0 600 700]/ItalicAngle 0/Ascent 700/Descent 0/CapHeight 700/StemV 80/FontFile2 10 0 R${more}>>`;

export interface Base {
  readonly name: string;
  readonly standards: readonly PdfStandard[];
}

/** `standards`: at most one of PDF/A and one of PDF/UA. */
export function baseRecipe(standards: readonly PdfStandard[]): Recipe {
  const { pdfa, ua } = standardsFrom(standards);
  const part = pdfa?.part;
  const two = part === 4 || ua === 2;
  const one = part === 1;
  const files = part === 3 || pdfa?.conformance === 'F' || part === undefined;
  const tags = structure(two);
  const metadata = xmp({ part, conformance: pdfa?.conformance, ua });
  const program = trueType();
  const simpleFont = `<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Made/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths[${WIDTHS}]/FontDescriptor 9 0 R>>`;
  const profile = Buffer.from(srgbProfile()).toString('latin1');
  const objects: (readonly [number, string])[] = [
    [
      1,
      `<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R/OutputIntents[6 0 R]/AcroForm 24 0 R/Outlines 25 0 R/Lang(en)/MarkInfo<</Marked true>>/StructTreeRoot 40 0 R/ViewerPreferences<</DisplayDocTitle true>>${
        one ? '' : '/OCProperties<</OCGs[28 0 R]/D<</Name(Usual)/Order[28 0 R]>>>>'
      }${files ? '/AF[29 0 R]/Names<</EmbeddedFiles<</Names[(a.txt)29 0 R]>>>>' : ''}>>`,
    ],
    [2, '<</Type/Pages/Kids[3 0 R]/Count 1>>'],
    [
      3,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0/Tabs/S/Annots[21 0 R 22 0 R]/Resources<</Font<</F1 8 0 R/F2 11 0 R>>/XObject<</Im1 16 0 R/Fm1 17 0 R>>/Shading<</Sh1 18 0 R>>/ColorSpace<</Cs1 19 0 R>>/ExtGState<</G1 27 0 R>>${
        one ? '' : '/Properties<</Layer1 28 0 R>>'
      }>>>>`,
    ],
    [4, stream(one ? CONTENT.replace(/\n\/OC .*\nEMC/, '') : CONTENT)],
    [5, stream(metadata, '/Type/Metadata/Subtype/XML')],
    [
      6,
      '<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile 7 0 R>>',
    ],
    [7, stream(profile, '/N 3')],
    [8, simpleFont],
    [9, descriptor(32)],
    [10, stream(program, `/Length1 ${program.length}`)],
    [
      11,
      '<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Made/Encoding/Identity-H/DescendantFonts[12 0 R]/ToUnicode 14 0 R>>',
    ],
    [
      12,
      '<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Made/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 13 0 R/CIDToGIDMap/Identity/DW 600>>',
    ],
    [13, descriptor(4, two ? '' : '/CIDSet 15 0 R')],
    [14, stream(TO_UNICODE)],
    [15, stream('\xff'.repeat(12))],
    [
      16,
      stream(
        '\xff\0\0'.repeat(4),
        '/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace 32 0 R',
      ),
    ],
    [17, stream('0 1 0 rg 0 20 50 10 re f', '/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<<>>')],
    [
      18,
      '<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 100 0]/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>',
    ],
    [19, '[/Separation/Spot/DeviceRGB 20 0 R]'],
    [20, '<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[0 0 1]/N 1>>'],
    [
      21,
      '<</Type/Annot/Subtype/Link/Rect[50 495 90 515]/F 4/Border[0 0 0]/StructParent 1/Contents(A link)/A<</S/URI/URI(https://example.com/)>>>>',
    ],
    [
      22,
      '<</Type/Annot/Subtype/Widget/FT/Tx/T(field)/TU(A field)/Contents(A field)/V(text)/DA(/F1 12 Tf 0 g)/Rect[50 450 150 470]/F 4/StructParent 2/AP<</N 23 0 R>>>>',
    ],
    [
      23,
      stream(
        '/Tx BMC BT /F1 12 Tf 0 0 0 rg 2 5 Td (text) Tj ET EMC',
        '/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 33 0 R>>>>',
      ),
    ],
    [24, '<</Fields[22 0 R]/DR<</Font<</F1 33 0 R>>>>/DA(/F1 12 Tf 0 g)>>'],
    [25, '<</Type/Outlines/First 26 0 R/Last 26 0 R/Count 1>>'],
    [
      26,
      `<</Title(Heading)/Parent 25 0 R${two ? '/A<</S/GoTo/D[3 0 R/XYZ 0 800 0]/SD[42 0 R/XYZ 0 800 0]>>/SE 42 0 R' : '/Dest[3 0 R/XYZ 0 800 0]'}>>`,
    ],
    [27, '<</Type/ExtGState/LW 1/RI/Perceptual>>'],
    [
      29,
      '<</Type/Filespec/F(a.txt)/UF(a.txt)/Desc(A text)/AFRelationship/Source/EF<</F 30 0 R/UF 30 0 R>>>>',
    ],
    [
      30,
      stream('Text', '/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</ModDate(D:20260506070809Z)/Size 4>>'),
    ],
    [32, '[/ICCBased 7 0 R]'],
    // An oracle that met a font in an appearance leaves out its glyphs on the page.
    [33, simpleFont],
    ...tags,
  ];
  const kept = files ? objects : objects.filter(([number]) => number !== 29 && number !== 30);
  if (!one) kept.push([28, '<</Type/OCG/Name(A layer)>>']);
  if (!two) {
    kept.push([
      31,
      '<</Title(A title)/Author(An author)/Subject(A subject)/Keywords(some, words)/Producer(A producer)/Creator(A tool)/CreationDate(D:20260506070809Z)/ModDate(D:20260506070809Z)>>',
    ]);
  }
  return {
    header: `%PDF-${two ? '2.0' : one ? '1.4' : '1.7'}\n%\xe2\xe3\xcf\xd3\n`,
    objects: new Map(kept),
    trailer: `/Root 1 0 R${two ? '' : '/Info 31 0 R'}${ID}`,
  };
}

export const baseFile = (standards: readonly PdfStandard[]): Uint8Array => assemble(baseRecipe(standards));
