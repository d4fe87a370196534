/** Both counted from 1; the column in UTF-16 units, as in Monaco. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** `end` is the first place that does not belong to it. */
export interface TextSpan {
  readonly start: TextPlace;
  readonly end: TextPlace;
}

const LINE_BREAK = /\r\n?|\n/g;

/** The offset of a place; one outside of the text is moved to its nearest end. */
export function offsetAt(text: string, place: TextPlace): number {
  let line = 1;
  let start = 0;
  LINE_BREAK.lastIndex = 0;
  while (line < place.line) {
    if (!LINE_BREAK.exec(text)) return text.length;
    line++;
    start = LINE_BREAK.lastIndex;
  }
  return Math.min(text.length, start + place.column - 1);
}

/** The span of a node of Handlebars, whose columns start at 0. */
export const spanOf = (loc: hbs.AST.SourceLocation): TextSpan => ({
  start: { line: loc.start.line, column: loc.start.column + 1 },
  end: { line: loc.end.line, column: loc.end.column + 1 },
});
