/** What showing text with a font means: which glyph and which text a code is. */
import type { PdfDocument } from '../../revision/document.ts';
import { resourceEntries } from '../../content/content-parts.ts';
import { PdfDict, PdfStream } from '../../revision/objects.ts';
import { toUnicodeOf } from '../../content/to-unicode.ts';

export interface TextFont {
  readonly name: string;
  /** Bytes of a code. */
  readonly width: 1 | 2;
  /** Whether a code shows the glyph of missing characters, number 0. */
  isNotdef(code: number): boolean;
  /** Undefined where the font does not say. */
  textOf(code: number): string | undefined;
  /** Whether any code stands for a character of private use. */
  hasPrivateText(): boolean;
}

/** Composite fonts of other encodings than Identity are left out: no browser writes them. */
function textFont(document: PdfDocument, font: PdfDict): TextFont | undefined {
  const isComposite = document.nameAt(font, 'Subtype') === 'Type0';
  if (isComposite && !document.nameAt(font, 'Encoding')?.startsWith('Identity')) return undefined;
  const cidFont = document.resolve(document.arrayAt(font, 'DescendantFonts')?.[0]);
  const glyphs = cidFont instanceof PdfDict ? document.resolve(cidFont.get('CIDToGIDMap')) : null;
  const map = glyphs instanceof PdfStream ? document.decodedBytes(glyphs) : undefined;
  let read: ReadonlyMap<number, string> | undefined;
  let hasPrivate: boolean | undefined;
  const texts = (): ReadonlyMap<number, string> => {
    if (read === undefined) {
      const stream = document.streamAt(font, 'ToUnicode');
      read = stream === undefined ? NO_TEXTS : toUnicodeOf(document, stream);
    }
    return read;
  };
  return {
    name: (document.nameAt(font, 'BaseFont') ?? '').replace(/^[A-Z]{6}\+/, ''),
    width: isComposite ? 2 : 1,
    isNotdef: (code) =>
      isComposite && (map === undefined ? code === 0 : map[code * 2] === 0 && map[code * 2 + 1] === 0),
    textOf: (code) => texts().get(code),
    hasPrivateText: () => (hasPrivate ??= [...texts().values()].some((text) => /\p{Co}/u.test(text))),
  };
}

const NO_TEXTS: ReadonlyMap<number, string> = new Map();

export type FontCache = Map<PdfDict, TextFont | undefined>;

/** Finds fonts by their names in these resources, each read once. */
export function fontFinder(
  document: PdfDocument,
  resources: PdfDict | undefined,
  known: FontCache,
): (name: string) => TextFont | undefined {
  const entries = new Map(resourceEntries(document, resources, 'Font'));
  return (name) => {
    const dict = document.resolve(entries.get(name));
    if (!(dict instanceof PdfDict)) return undefined;
    if (!known.has(dict)) known.set(dict, textFont(document, dict));
    return known.get(dict);
  };
}
