/** Rows of a JSON Lines file: one value a line. A line that is broken is the fault of its row alone. */
import { StringDecoder } from 'node:string_decoder';
import { rowsInvalid } from './rows-error.ts';
import { MAX_ROW_BYTES, type RowSource, type SourceRow } from './row-source.ts';
import { utf8Chunks, type TextEncodingName } from './text-encoding.ts';
import { firstNames, parseRow } from './json-value.ts';

export async function openJsonLines(path: string, encoding: TextEncodingName): Promise<RowSource> {
  const rows = (signal?: AbortSignal): AsyncGenerator<SourceRow> => jsonLines(path, encoding, signal);
  return {
    format: 'jsonl',
    encoding,
    separator: null,
    sheets: [],
    columns: await firstNames(rows(), 'The file'),
    rows,
  };
}

async function* jsonLines(
  path: string,
  encoding: TextEncodingName,
  signal?: AbortSignal,
): AsyncGenerator<SourceRow> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  let row = 0;
  const rowOf = (text: string): SourceRow | undefined => {
    line += 1;
    if (text.trim() === '') return undefined;
    row += 1;
    return parseRow({ row, line }, text);
  };
  for await (const chunk of utf8Chunks(path, encoding, signal)) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW_BYTES) {
      throw rowsInvalid(
        `Line ${line + lines.length + 1} is larger than ${MAX_ROW_BYTES / 1024 / 1024} MB.`,
        'Each row must be one line of JSON.',
      );
    }
    for (const text of lines) {
      const found = rowOf(text);
      if (found !== undefined) yield found;
    }
  }
  const last = rowOf(rest + decoder.end());
  if (last !== undefined) yield last;
}
