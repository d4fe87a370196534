/** What a signature looks like (ISO 32000-2 §12.5.5): a form XObject with text, an image, both, or nothing. */
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, type PdfRef } from '../../revision/objects.ts';
import { addImage, type AddedImage } from './image.ts';
import { addFont, type FontCharacter } from './pdf-font.ts';
import { LEADING, setText, type TextRun } from './text-block.ts';
import type { TrueType } from './true-type.ts';

export interface AppearanceContent {
  /** Clean; empty for none. */
  readonly text: string;
  /** With every character of the text between them. */
  readonly fonts: readonly TrueType[];
  /** PNG or JPEG. */
  readonly image: Buffer | undefined;
  /** PDF/A-1: no transparency, CIDSet. */
  readonly isPdfA1: boolean;
}

export interface AppearanceBox {
  /** Points, as a reader sees it. */
  readonly width: number;
  readonly height: number;
  /** Of the page, clockwise in degrees. */
  readonly rotation: number;
}

const PADDING = 2;
/** Of the width, for an image beside text. */
const IMAGE_SHARE = 0.4;

/** Of a signature that is not shown. It has an appearance all the same (ISO 19005-1 §6.9). */
export const addEmptyAppearance = (document: PdfDocument): PdfRef =>
  document.add(PdfStream.of(formDict([0, 0, 0, 0], new PdfDict()), new Uint8Array()));

const formDict = (box: number[], resources: PdfDict): PdfDict =>
  PdfDict.of({ Type: name('XObject'), Subtype: name('Form'), BBox: box, Resources: resources });

/** Errors: SIGNING_FAILED for an image that cannot be used. */
export function addAppearance(document: PdfDocument, content: AppearanceContent, box: AppearanceBox): PdfRef {
  const { width, height } = box;
  const resources = new PdfDict();
  let operations = '';
  let textLeft = PADDING;
  if (content.image !== undefined) {
    const image = addImage(document, content.image, content.isPdfA1);
    resources.set('XObject', PdfDict.of({ Im0: image.ref }));
    const share = content.text === '' ? 1 : IMAGE_SHARE;
    const room = {
      width: Math.max(1, width * share - PADDING * 2),
      height: Math.max(1, height - PADDING * 2),
    };
    const drawn = fit(image, room);
    const x = PADDING + (content.text === '' ? (room.width - drawn.width) / 2 : 0);
    const y = (height - drawn.height) / 2;
    operations += `q ${points(drawn.width)} 0 0 ${points(drawn.height)} ${points(x)} ${points(y)} cm /Im0 Do Q\n`;
    textLeft = PADDING * 3 + drawn.width;
  }
  if (content.text !== '') operations += addText(document, content, { box, left: textLeft, resources });
  const dict = formDict([0, 0, width, height], resources);
  if (box.rotation !== 0) dict.set('Matrix', matrixOf(box.rotation));
  dict.set('Filter', name('FlateDecode'));
  return document.add(PdfStream.of(dict, deflateSync(operations)));
}

/** Turns the content back against the page (ISO 32000-2 §12.5.5, algorithm of /Matrix). */
function matrixOf(rotation: number): number[] {
  if (rotation === 90) return [0, 1, -1, 0, 0, 0];
  return rotation === 180 ? [-1, 0, 0, -1, 0, 0] : [0, -1, 1, 0, 0, 0];
}

const points = (value: number): string => String(Number(value.toFixed(3)));

function fit(
  image: AddedImage,
  room: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  const scale = Math.min(room.width / image.width, room.height / image.height);
  return { width: image.width * scale, height: image.height * scale };
}

function addText(
  document: PdfDocument,
  { text, fonts, isPdfA1 }: AppearanceContent,
  { box, left, resources }: { box: AppearanceBox; left: number; resources: PdfDict },
): string {
  const width = Math.max(1, box.width - left - PADDING);
  const { size, lines } = setText(text, fonts, width, Math.max(1, box.height - PADDING * 2));
  // Codes from 1 in the order of appearance, by font and character.
  const codes = fonts.map(() => new Map<string, number>());
  const encode = ({ font, characters }: TextRun): string => {
    const known = codes[font];
    const hex = characters.map((character) => {
      const code = known?.get(character) ?? (known?.size ?? 0) + 1;
      known?.set(character, code);
      return code.toString(16).toUpperCase().padStart(4, '0');
    });
    return `/F${font} ${points(size)} Tf <${hex.join('')}> Tj`;
  };
  const first = fonts[0];
  const ascent = first === undefined ? 1 : first.ascent / first.unitsPerEm;
  const top = box.height - PADDING - ascent * size;
  const rows = lines.map((runs) => runs.map(encode).join(' '));
  const operations = `BT 0 g ${points(size * LEADING)} TL ${points(left)} ${points(top)} Td\n${rows.join('\nT*\n')}\nET\n`;
  const used = new PdfDict();
  fonts.forEach((font, index) => {
    const characters = glyphsOf(font, codes[index] ?? new Map<string, number>());
    if (characters.length > 0)
      used.set(`F${index}`, addFont(document, { font, characters, cidSet: isPdfA1 }));
  });
  resources.set('Font', used);
  return operations;
}

/** In the order of the codes; two characters may have one glyph. */
const glyphsOf = (font: TrueType, codes: ReadonlyMap<string, number>): FontCharacter[] =>
  [...codes.keys()].map((text) => ({ text, glyph: font.glyphOf(text.codePointAt(0) ?? 0) }));
