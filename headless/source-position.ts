export interface SourcePosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  readonly sourceLine: string;
}

export function positionOf(text: string, offset: number): SourcePosition {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < lineStart; at = text.indexOf('\n', at + 1)) line += 1;
  return {
    line,
    column: offset - lineStart + 1,
    sourceLine: text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, ''),
  };
}

const WIDEST = 100;

/**
 * The line with a caret below the column, cut to what a terminal shows:
 * ```
 *   12 | {{curency total}}
 *      | ^
 * ```
 */
export function showPosition({ line, column, sourceLine }: SourcePosition): string {
  const from = column > WIDEST * 0.7 ? column - Math.floor(WIDEST / 2) : 0;
  const cut = sourceLine.slice(from, from + WIDEST);
  const before = cut.slice(0, Math.max(0, column - 1 - from)).replaceAll(/[^\t]/g, ' ');
  const gutter = ` ${line} `;
  return `${gutter}| ${cut}\n${' '.repeat(gutter.length)}| ${before}^`;
}
