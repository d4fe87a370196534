/** What the bytes of a PDF are spent on, read from its objects without parsing them. */

export interface FileSize {
  readonly fonts: number;
  readonly images: number;
  /** Page content, structure, links, tables. */
  readonly other: number;
  /** Images in the file, each with its bytes and pixels. */
  readonly largestImage:
    { readonly bytes: number; readonly width: number; readonly height: number } | undefined;
}

const STREAM = [...new TextEncoder().encode('stream')];
/** A dictionary before a stream is shorter than this. */
const DICTIONARY_BYTES = 1024;

function indexOfStream(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0x73, from);
  while (at !== -1) {
    if (STREAM.every((code, offset) => bytes[at + offset] === code)) return at;
    at = bytes.indexOf(0x73, at + 1);
  }
  return -1;
}

const numberAfter = (dictionary: string, key: string): number =>
  Number(new RegExp(`/${key}\\s+(\\d+)(?!\\s+\\d+\\s+R)`).exec(dictionary)?.[1] ?? 0);

const latin1 = new TextDecoder('latin1');

/** Bytes by kind. Streams whose length is written elsewhere count as other. */
export function fileSize(bytes: Uint8Array): FileSize {
  let fonts = 0;
  let images = 0;
  let largestImage: FileSize['largestImage'];
  let at = indexOfStream(bytes, 0);
  while (at !== -1) {
    const text = latin1.decode(bytes.subarray(Math.max(0, at - DICTIONARY_BYTES), at));
    const dictionary = text.slice(Math.max(0, text.lastIndexOf(' obj')));
    const length = numberAfter(dictionary, 'Length');
    if (/\/Subtype\s*\/Image\b/.test(dictionary)) {
      images += length;
      if (length > (largestImage?.bytes ?? 0)) {
        largestImage = {
          bytes: length,
          width: numberAfter(dictionary, 'Width'),
          height: numberAfter(dictionary, 'Height'),
        };
      }
    } else if (/\/Length1\b|\/Subtype\s*\/(?:CIDFontType0C|Type1C|OpenType)\b/.test(dictionary)) {
      fonts += length;
    }
    // Behind the content and its `endstream`.
    at = indexOfStream(bytes, at + STREAM.length + Math.max(length, 0) + 'endstream'.length);
  }
  return { fonts, images, other: bytes.length - fonts - images, largestImage };
}
