/**
 * Adds a revision behind an untouched file (ISO 32000-2 §7.5.6): what changed, a cross-reference section and a trailer. The cost is
 * that of what changed, whatever the size of the file.
 */
import type { PdfDocument } from './document.ts';
import { ByteSink, indirectObject, type WrittenObject } from './object-writer.ts';
import { numberOf, PdfDict } from './objects.ts';
import { xrefStream, xrefTable, type XrefRow } from './xref-writer.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * The file with its new revision, in chunks. The section is of the kind that the last one of the file is, since readers
 * differ on mixed ones.
 */
export function* appendRevision(document: PdfDocument): Generator<Uint8Array> {
  yield* baseOf(document);
  yield revisionOf(document);
}

/** Only what is added behind the file, for a file that grows in its place. The version of the header stays. */
export function* revisionAlone(document: PdfDocument): Generator<Uint8Array> {
  if (revisionStart(document) > document.reader.source.size) yield Buffer.from('\n');
  yield revisionOf(document);
}

/** Where the new revision begins: behind the file, and a line end where the file has none. */
export function revisionStart({ reader: { source } }: PdfDocument): number {
  return source.size + (endsWithLine(source.read(source.size - 1, 1)) ? 0 : 1);
}

const endsWithLine = (last: Uint8Array): boolean => last[0] === 0x0a || last[0] === 0x0d;

function* baseOf({ reader: { source, headerVersion }, version }: PdfDocument): Generator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += CHUNK_BYTES) {
    const chunk = source.read(offset, CHUNK_BYTES);
    if (offset > 0 || version === undefined || version === headerVersion) yield chunk;
    else {
      const patched = Buffer.from(chunk);
      patched.write(`%PDF-${version}`, 0, 'latin1');
      yield patched;
    }
  }
  if (!endsWithLine(source.read(source.size - 1, 1))) yield Buffer.from('\n');
}

function revisionOf(document: PdfDocument): Uint8Array {
  const { reader } = document;
  const [newest] = reader.sections;
  const sink = new ByteSink(revisionStart(document));
  const rows: XrefRow[] = [];
  for (const [number, object] of [...document.changed].sort(([a], [b]) => a - b)) {
    rows.push({ number, kind: 'offset', offset: sink.offset, generation: generationOf(document, number) });
    writeObject(
      sink,
      indirectObject(document, { number, object, generation: generationOf(document, number) }),
    );
  }
  for (const number of document.deleted) {
    rows.push({ number, kind: 'free', generation: generationOf(document, number) + 1 });
  }
  const trailer = new PdfDict([
    ['Size', document.size],
    ...document.trailer,
    ['Prev', newest?.offset ?? numberOf(reader.trailer.get('Prev')) ?? 0],
  ]);
  if (newest?.kind === 'stream') xrefStream(sink, rows, trailer, document.size);
  else xrefTable(sink, rows, trailer);
  return sink.take();
}

function writeObject(sink: ByteSink, { head, body, tail }: WrittenObject): void {
  sink.text(head);
  if (body !== undefined) sink.write(body);
  sink.text(tail);
}

function generationOf({ reader }: PdfDocument, number: number): number {
  const entry = reader.entry(number);
  return entry?.kind === 'offset' ? entry.generation : 0;
}
