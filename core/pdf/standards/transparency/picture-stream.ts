/** Pixels as an image of PDF/A-1: lossless, with a palette when few colours are in it. */
import { deflateSync } from 'node:zlib';
import { name, PdfDict, PdfStream, PdfString } from '../../revision/objects.ts';
import type { PagePicture } from './page-pictures.ts';

const MOST_COLOURS = 256;
/** Predictor "Sub" of PNG (ISO 32000-1 §7.4.4.4): what follows in a row is mostly the same. */
const SUB = 1;

export function pictureStream(picture: PagePicture): PdfStream {
  const { width, height } = picture;
  const palette = indexed(picture);
  const dict = PdfDict.of({
    Type: name('XObject'),
    Subtype: name('Image'),
    Width: width,
    Height: height,
    BitsPerComponent: 8,
    Filter: name('FlateDecode'),
  });
  if (palette === undefined) {
    dict.set('ColorSpace', name('DeviceRGB'));
    const parameters = { Predictor: 15, Colors: 3, BitsPerComponent: 8, Columns: width };
    dict.set('DecodeParms', PdfDict.of(parameters));
    return PdfStream.of(dict, deflateSync(predicted(picture)));
  }
  const colours = Buffer.alloc(palette.colours.length * 3);
  palette.colours.forEach((colour, index) => colours.writeUIntBE(colour, index * 3, 3));
  const last = palette.colours.length - 1;
  dict.set('ColorSpace', [name('Indexed'), name('DeviceRGB'), last, new PdfString(colours, true)]);
  return PdfStream.of(dict, deflateSync(palette.pixels));
}

interface Palette {
  /** `0xRRGGBB`. */
  readonly colours: readonly number[];
  readonly pixels: Uint8Array;
}

function indexed({ width, height, rgba }: PagePicture): Palette | undefined {
  const indexes = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  let previous = -1;
  let index = 0;
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const at = pixel * 4;
    const colour = ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
    if (colour !== previous) {
      previous = colour;
      const known = indexes.get(colour);
      if (known === undefined) {
        if (indexes.size === MOST_COLOURS) return undefined;
        index = indexes.size;
        indexes.set(colour, index);
      } else index = known;
    }
    pixels[pixel] = index;
  }
  return { colours: [...indexes.keys()], pixels };
}

function predicted({ width, height, rgba }: PagePicture): Uint8Array {
  const row = width * 3 + 1;
  const out = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) {
    let to = y * row;
    out[to] = SUB;
    to += 1;
    const [left, from] = [[0, 0, 0], y * width * 4];
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const value = rgba[from + x * 4 + channel] ?? 0;
        out[to] = value - (left[channel] ?? 0);
        left[channel] = value;
        to += 1;
      }
    }
  }
  return out;
}
