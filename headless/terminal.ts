/**
 * Where a command speaks: results on stdout, everything else on stderr. Colours appear only on a terminal and never
 * against NO_COLOR (no-color.org); `styleText` looks at both.
 */
import { styleText } from 'node:util';

type Tone = Parameters<typeof styleText>[0];

/** A reader that went away (`influxion job list | head -1`) is no failure of the command. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** Writes to stdout and resolves when the reader's side has it; rejects with EPIPE when nobody reads any more. */
export function writeResult(chunk: string | Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  process.stdout.write(chunk, (error) => {
    if (error) reject(error);
    else resolve(undefined);
  });
  return promise;
}

export function printResult(line: string): Promise<void> {
  return writeResult(`${line}\n`);
}

export function printJson(value: unknown): Promise<void> {
  return printResult(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined));
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export const style = (tone: Tone, text: string): string => styleText(tone, text, { stream: process.stderr });
export const styleResult = (tone: Tone, text: string): string =>
  styleText(tone, text, { stream: process.stdout });

export function warn(message: string): void {
  note(`${style('yellow', 'warning:')} ${message}`);
}

/** One line on a terminal that each call overwrites; elsewhere one plain line a call. */
export class ProgressLine {
  private shown = false;

  update(text: string): void {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${style('dim', text)}`);
      this.shown = true;
    } else {
      note(text);
    }
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[2K');
    this.shown = false;
  }
}

/** Keeps a vanished reader from becoming an uncaught exception; the write itself still rejects. */
export function tolerateBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: Error) => {
      if (!isBrokenPipe(error)) throw error;
    });
  }
}

/** Left-aligned columns as wide as their widest cell, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
