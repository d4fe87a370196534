/**
 * Whether all text that content shows has a glyph and a meaning: nearly always, and each code is looked at once a document. What
 * is not sound is looked at again, for words about it.
 */
import { ContentScanner } from '../../content/content-scanner.ts';
import { ShownText } from './shown-codes.ts';
import type { TextFont } from './text-font.ts';

const CODES = 0x10000;
/** Characters that stand for none. */
export const MEANS_NOTHING = /[\0\u{feff}\u{fffe}]/u;

/** Codes of a font that were found to have a glyph and a text, a bit each. */
export type SoundCodes = Map<TextFont, Uint8Array>;

/** Looks at one content stream, operation by operation. */
export class SoundText {
  isSound = true;
  readonly #shown: ShownText;
  readonly #sound: SoundCodes;
  #font: TextFont | undefined;
  #known: Uint8Array = new Uint8Array(0);

  constructor(fontOf: (name: string) => TextFont | undefined, sound: SoundCodes) {
    this.#shown = new ShownText(fontOf);
    this.#sound = sound;
  }

  /** Throws PdfSyntaxError. */
  take(scanner: ContentScanner): void {
    if (!this.isSound || !this.#shown.take(scanner)) return;
    const { font } = this.#shown;
    if (font === undefined) return;
    if (font !== this.#font) this.#use(font);
    this.#shown.eachCode(scanner, this.#look);
  }

  // Once, not at each of the many times that text is shown.
  readonly #look = (code: number): void => {
    if (((this.#known[code >> 3] ?? 0) & (1 << (code & 7))) === 0) this.#judge(code);
  };

  #use(font: TextFont): void {
    this.#font = font;
    this.#known = this.#sound.get(font) ?? new Uint8Array(CODES / 8);
    this.#sound.set(font, this.#known);
  }

  #judge(code: number): void {
    const font = this.#font;
    const text = font?.textOf(code);
    if (font?.isNotdef(code) === true || text === undefined || MEANS_NOTHING.test(text)) this.isSound = false;
    else this.#known[code >> 3] = (this.#known[code >> 3] ?? 0) | (1 << (code & 7));
  }
}

/** Throws PdfSyntaxError. */
export function isSound(
  content: Uint8Array,
  fontOf: (name: string) => TextFont | undefined,
  sound: SoundCodes,
): boolean {
  const text = new SoundText(fontOf, sound);
  const scanner = new ContentScanner(content);
  while (text.isSound && scanner.next()) text.take(scanner);
  return text.isSound;
}
