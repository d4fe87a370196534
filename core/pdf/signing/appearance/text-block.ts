/** Sets text into a box: as large as fits, wrapped at words. */
import type { TrueType } from './true-type.ts';

/** Characters of one font that follow each other. */
export interface TextRun {
  readonly font: number;
  readonly characters: readonly string[];
}

export interface TextBlock {
  /** Points. */
  readonly size: number;
  readonly lines: readonly (readonly TextRun[])[];
}

const LARGEST = 10;
const STEP = 0.96;
/** Between two lines, in sizes. */
export const LEADING = 1.2;

/** Letters with their marks in one character, nothing that has no width or is a control. */
export const cleanText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\t\p{Zs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[^\P{C}\n]|\p{Variation_Selector}/gu, '')
    .trim();

/** `text` is clean; `fonts` have every character of it between them; `width` and `height` are points. */
export function setText(text: string, fonts: readonly TrueType[], width: number, height: number): TextBlock {
  const fontOf = memo((character) => {
    const index = fonts.findIndex((font) => font.glyphOf(character.codePointAt(0) ?? 0) !== 0);
    return Math.max(0, index);
  });
  // In sizes.
  const widthOf = memo((character) => {
    const font = fonts[fontOf(character)];
    return font === undefined
      ? 0
      : font.advanceOf(font.glyphOf(character.codePointAt(0) ?? 0)) / font.unitsPerEm;
  });
  const paragraphs = text.split('\n').map((line) => Array.from(line));
  // Ends: both shrink with the size, and the narrowest line takes one character.
  for (let size = LARGEST; ; size *= STEP) {
    const lines = paragraphs.flatMap((paragraph) => wrap(paragraph, width / size, widthOf));
    const isNarrow = lines.every((line) => widthIn(line, widthOf) * size <= width);
    if (isNarrow && lines.length * LEADING * size <= height) {
      return { size, lines: lines.map((line) => runsOf(line, fontOf)) };
    }
  }
}

const widthIn = (characters: readonly string[], widthOf: (character: string) => number): number =>
  characters.reduce((sum, character) => sum + widthOf(character), 0);

function memo(measure: (character: string) => number): (character: string) => number {
  const known = new Map<string, number>();
  return (character) => {
    let value = known.get(character);
    if (value === undefined) known.set(character, (value = measure(character)));
    return value;
  };
}

/** Lines of one paragraph; a word that is wider than a line is broken. */
function wrap(
  paragraph: readonly string[],
  width: number,
  widthOf: (character: string) => number,
): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let used = 0;
  let lastSpace = -1;
  for (const character of paragraph) {
    if (used + widthOf(character) > width && line.length > 0) {
      const rest = character === ' ' || lastSpace < 0 ? [] : line.slice(lastSpace + 1);
      lines.push(lastSpace < 0 || character === ' ' ? line : line.slice(0, lastSpace));
      line = rest;
      used = widthIn(line, widthOf);
      lastSpace = -1;
      if (character === ' ') continue;
    }
    if (character === ' ') lastSpace = line.length;
    line.push(character);
    used += widthOf(character);
  }
  return [...lines, line];
}

function runsOf(line: readonly string[], fontOf: (character: string) => number): TextRun[] {
  const runs: { font: number; characters: string[] }[] = [];
  for (const character of line) {
    const font = fontOf(character);
    const last = runs.at(-1);
    if (last?.font === font) last.characters.push(character);
    else runs.push({ font, characters: [character] });
  }
  return runs;
}
