/** Cross-reference sections: as a table (ISO 32000-2 §7.5.4) and as a stream (§7.5.8). */
import { deflateSync } from 'node:zlib';
import type { ByteSink } from './object-writer.ts';
import { name, PdfDict } from './objects.ts';
import { serialize } from './serialize.ts';

export type XrefRow =
  | { readonly number: number; readonly kind: 'free'; readonly generation: number }
  | { readonly number: number; readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly number: number; readonly kind: 'packed'; readonly container: number; readonly index: number };

/** Runs of rows with numbers that follow each other. */
function runsOf(rows: readonly XrefRow[]): XrefRow[][] {
  const runs: XrefRow[][] = [];
  let last: XrefRow[] | undefined;
  for (const row of [...rows].sort((a, b) => a.number - b.number)) {
    const previous = last?.at(-1);
    if (last !== undefined && previous?.number === row.number - 1) last.push(row);
    else {
      last = [row];
      runs.push(last);
    }
  }
  return runs;
}

/** Writes table, trailer and the end of the file. */
export function xrefTable(sink: ByteSink, rows: readonly XrefRow[], trailer: PdfDict): void {
  const start = sink.offset;
  let text = 'xref\n';
  for (const run of runsOf(rows)) {
    text += `${run[0]?.number ?? 0} ${run.length}\n`;
    for (const row of run) text += tableRow(row);
  }
  sink.text(`${text}trailer\n${serialize(trailer)}\nstartxref\n${start}\n%%EOF\n`);
}

function tableRow(row: XrefRow): string {
  if (row.kind === 'packed') throw new Error('A table cannot name an object in an object stream');
  const offset = row.kind === 'offset' ? row.offset : 0;
  const generation = String(row.generation).padStart(5, '0');
  return `${String(offset).padStart(10, '0')} ${generation} ${row.kind === 'offset' ? 'n' : 'f'} \n`;
}

/** ISO 32000-2 table 18. */
const KINDS = { free: 0, offset: 1, packed: 2 } as const;

/** Bytes; to compress the rows of a page saves half a kilobyte, and takes longer than to write all the rest of them. */
const LEAST_DEFLATED = 2_048;

/** Writes the stream, which is object number `number`, and the end of the file. */
export function xrefStream(sink: ByteSink, rows: readonly XrefRow[], trailer: PdfDict, number: number): void {
  const start = sink.offset;
  const all: XrefRow[] = [...rows, { number, kind: 'offset', offset: start, generation: 0 }];
  const runs = runsOf(all);
  const offsetWidth = start < 2 ** 24 ? 3 : start < 2 ** 32 ? 4 : 6;
  const width = 1 + offsetWidth + 2;
  const data = Buffer.alloc(all.length * width);
  let at = 0;
  for (const run of runs) {
    for (const row of run) {
      const second = row.kind === 'packed' ? row.container : row.kind === 'offset' ? row.offset : 0;
      const third = row.kind === 'packed' ? row.index : row.generation;
      data[at] = KINDS[row.kind];
      data.writeUIntBE(second, at + 1, offsetWidth);
      data.writeUInt16BE(third & 0xffff, at + 1 + offsetWidth);
      at += width;
    }
  }
  const isShort = data.byteLength < LEAST_DEFLATED;
  const encoded = isShort ? data : deflateSync(data);
  const dict = new PdfDict([
    ['Type', name('XRef')],
    ...trailer,
    ['Size', number + 1],
    ['W', [1, offsetWidth, 2]],
    ['Index', runs.flatMap((run) => [run[0]?.number ?? 0, run.length])],
    ...(isShort ? [] : [['Filter', name('FlateDecode')] as const]),
    ['Length', encoded.byteLength],
  ]);
  sink.text(`${number} 0 obj\n${serialize(dict)}\nstream\n`);
  sink.write(encoded);
  sink.text(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`);
}
