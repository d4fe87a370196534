/** The picture of a visible signature as an image object (ISO 32000-2 §8.9.5). */
import { deflateSync } from 'node:zlib';
import { InfluxionError } from '../../../error.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, type PdfObject, type PdfRef } from '../../revision/objects.ts';
import { isJpeg, readJpegHeader } from './jpeg.ts';
import { decodePng, isPng, PngError, type PngImage } from './png.ts';

export interface AddedImage {
  readonly ref: PdfRef;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Adds a PNG or JPEG. `opaque`: transparent pixels are laid on white, since PDF/A-1 knows no transparency (ISO 19005-1 §6.4).
 * Errors: SIGNING_FAILED for another kind of file, or a damaged one.
 */
export function addImage(document: PdfDocument, bytes: Buffer, opaque: boolean): AddedImage {
  if (isJpeg(bytes)) return addJpeg(document, bytes);
  if (!isPng(bytes)) throw refuse('it is neither PNG nor JPEG');
  try {
    const png = decodePng(bytes);
    return addPng(document, opaque ? onWhite(png) : png);
  } catch (error) {
    if (error instanceof PngError) throw refuse(error.message);
    throw error;
  }
}

const refuse = (why: string): InfluxionError =>
  new InfluxionError('SIGNING_FAILED', `The image of the signature cannot be used: ${why}.`, {
    hint: 'Give a PNG, or a JPEG in RGB or grey.',
  });

function imageDict(
  width: number,
  height: number,
  isGrey: boolean,
  entries: Record<string, PdfObject>,
): PdfDict {
  return PdfDict.of({
    Type: name('XObject'),
    Subtype: name('Image'),
    Width: width,
    Height: height,
    ColorSpace: name(isGrey ? 'DeviceGray' : 'DeviceRGB'),
    BitsPerComponent: 8,
    ...entries,
  });
}

function addJpeg(document: PdfDocument, bytes: Buffer): AddedImage {
  const header = readJpegHeader(bytes);
  if (header?.bits !== 8 || header.width * header.height === 0)
    throw refuse('it is damaged or of a rare kind');
  const { width, height, components } = header;
  if (components !== 1 && components !== 3) throw refuse('its colours are CMYK');
  const dict = imageDict(width, height, components === 1, { Filter: name('DCTDecode') });
  return { ref: document.add(PdfStream.of(dict, bytes)), width, height };
}

function addPng(document: PdfDocument, { width, height, isGrey, colours, alpha }: PngImage): AddedImage {
  const flate = (bytes: Buffer, grey: boolean, entries: Record<string, PdfObject> = {}): PdfRef =>
    document.add(
      PdfStream.of(
        imageDict(width, height, grey, { Filter: name('FlateDecode'), ...entries }),
        deflateSync(bytes),
      ),
    );
  const mask = alpha === undefined ? {} : { SMask: flate(alpha, true) };
  return { ref: flate(colours, isGrey, mask), width, height };
}

function onWhite(image: PngImage): PngImage {
  const { alpha, colours } = image;
  if (alpha === undefined) return image;
  const channels = image.isGrey ? 1 : 3;
  const mixed = colours.map((value, index) => {
    const share = alpha[Math.floor(index / channels)] ?? 0;
    return Math.round((value * share + 255 * (255 - share)) / 255);
  });
  return { ...image, colours: Buffer.from(mixed), alpha: undefined };
}
