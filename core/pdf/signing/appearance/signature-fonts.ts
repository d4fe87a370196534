/** The shipped fonts that the text of a visible signature is set in. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InfluxionError } from '../../../error.ts';
import { readTrueType, type TrueType } from './true-type.ts';

/** Asked in this order for each character. */
const FILES = [
  'Arimo-Regular.ttf',
  'NotoSansSymbols2-Regular.ttf',
  'NotoSansMath-Regular.ttf',
  'NotoEmoji-Regular.ttf',
];

export interface SignatureFonts {
  /** Fonts that have every character of the text between them. Errors: SIGNING_FAILED naming those that none has. */
  fontsFor(text: string): Promise<readonly TrueType[]>;
}

/** `folder`: the shipped fonts. A font is read when a text needs it, and kept. */
export function createSignatureFonts(folder: string): SignatureFonts {
  const opened = new Map<string, Promise<TrueType>>();
  const open = (file: string): Promise<TrueType> => {
    let font = opened.get(file);
    if (font === undefined) {
      font = readFile(path.join(folder, file)).then(readTrueType);
      opened.set(file, font);
    }
    return font;
  };
  return {
    async fontsFor(text) {
      const rightToLeft = RIGHT_TO_LEFT.exec(text);
      if (rightToLeft !== null) throw refuse(rightToLeft[0], 'are written from right to left');
      const fonts: TrueType[] = [];
      let missing = [...new Set(text)].filter((character) => character !== '\n');
      for (const file of FILES) {
        const font = await open(file);
        fonts.push(font);
        missing = missing.filter((character) => font.glyphOf(character.codePointAt(0) ?? 0) === 0);
        if (missing.length === 0) return fonts;
      }
      throw refuse(missing.slice(0, 10).join(' '), 'are in none of the fonts that ship with Influxion');
    },
  };
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]+/u;

const refuse = (characters: string, why: string): InfluxionError =>
  new InfluxionError('SIGNING_FAILED', `The visible signature has characters that ${why}: ${characters}`, {
    hint: 'Give a text of other characters, or an image that shows them.',
  });
