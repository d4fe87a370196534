/** Finds words in the text of a page, also where they are broken over several pieces of it. */

/** A piece of text as the PDF has it. */
export interface TextPiece {
  readonly str: string;
  readonly hasEOL: boolean;
}

/** A place between two characters of a page's pieces. */
export interface TextPoint {
  readonly piece: number;
  readonly offset: number;
}

export interface TextMatch {
  readonly start: TextPoint;
  /** Behind the last character. */
  readonly end: TextPoint;
}

/** Lower case where that keeps the length, so that places stay true. */
const fold = (text: string): string =>
  text.replace(/./gsu, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  });

const squeeze = (query: string): string => fold(query).trim().replace(/\s+/g, ' ');

/** Every match of `query`, in order, letter case aside; a run of white space and a line's end count as one space. */
export function searchText(pieces: readonly TextPiece[], query: string): TextMatch[] {
  const wanted = squeeze(query);
  if (wanted === '') return [];
  let text = '';
  const points: TextPoint[] = [];
  const add = (letter: string, point: TextPoint): void => {
    const isSpace = /\s/.test(letter);
    if (isSpace && (text === '' || text.endsWith(' '))) return;
    text += isSpace ? ' ' : letter;
    points.push(point);
  };
  pieces.forEach(({ str, hasEOL }, piece) => {
    const folded = fold(str);
    for (let offset = 0; offset < folded.length; offset += 1) add(folded.charAt(offset), { piece, offset });
    if (hasEOL) add(' ', { piece, offset: str.length });
  });

  const matches: TextMatch[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    const start = points[at];
    const last = points[at + wanted.length - 1];
    if (start !== undefined && last !== undefined)
      matches.push({ start, end: { piece: last.piece, offset: last.offset + 1 } });
  }
  return matches;
}
