/** The cross-reference data of all revisions, newest first (ISO 32000-2 §7.5.4–7.5.8). */
import type { ByteSource } from './byte-source.ts';
import { textAt } from './indirect-object.ts';
import { PdfSyntaxError } from './lexer.ts';
import { numberOf } from './objects.ts';
import { damaged } from './pdf-error.ts';
import type { XrefSection } from './xref-section.ts';
import { readXrefStream } from './xref-stream.ts';
import { readTable } from './xref-table.ts';

const MOST_SECTIONS = 4_096;
/** Decoded cross-reference streams together: the most objects in entries of the usual size, several times. */
const MOST_STREAM_BYTES = 256 * 1024 * 1024;
const TAIL_BYTES = 1_024;

/** The offset that the last `startxref` names. */
export function readStartXref(source: ByteSource): number {
  const start = Math.max(0, source.size - TAIL_BYTES);
  const tail = textAt(source, start, TAIL_BYTES);
  const at = tail.lastIndexOf('startxref');
  const match = at < 0 ? null : /^startxref\s+(\d{1,15})/.exec(tail.slice(at));
  if (match === null) throw damaged('its end is missing (no "startxref")');
  return Number(match[1]);
}

/** All sections from the one at `start` back. Throws PDF_DAMAGED, also for a chain that runs in a circle. */
export function readSections(source: ByteSource, start: number): XrefSection[] {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let left = MOST_STREAM_BYTES;
  const read = (offset: number): XrefSection => {
    seen.add(offset);
    const { section, decoded } = readSection(source, offset, left);
    left -= decoded;
    sections.push(section);
    return section;
  };
  let offset: number | undefined = start;
  while (offset !== undefined) {
    if (seen.has(offset))
      throw damaged('its cross-reference sections refer to each other in a circle', offset);
    if (sections.length >= MOST_SECTIONS) throw damaged('it has too many cross-reference sections');
    const section = read(offset);
    const hybrid = numberOf(section.trailer.get('XRefStm'));
    if (section.kind === 'table' && hybrid !== undefined && !seen.has(hybrid)) read(hybrid);
    offset = numberOf(section.trailer.get('Prev'));
  }
  return sections;
}

/** `decoded`: bytes of what had to be decoded for it. */
function readSection(
  source: ByteSource,
  offset: number,
  mostBytes: number,
): { readonly section: XrefSection; readonly decoded: number } {
  if (!Number.isInteger(offset) || offset < 0 || offset >= source.size) {
    throw damaged('a cross-reference section lies outside the file', offset);
  }
  try {
    if (/^\s*xref\b/.test(textAt(source, offset, 32))) {
      return { section: readTable(source, offset), decoded: 0 };
    }
    return readXrefStream(source, offset, mostBytes);
  } catch (error) {
    if (error instanceof PdfSyntaxError)
      throw damaged(`its cross-reference section is broken: ${error.message}`, error.offset);
    throw error;
  }
}
