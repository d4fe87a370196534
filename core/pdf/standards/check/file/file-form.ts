/** Facts about the bytes around the objects: header, end of file, cross-reference tables (ISO 19005-1 §6.1.2–6.1.4). */
import type { ByteSource } from '../../../revision/byte-source.ts';
import { isWhite } from '../../../revision/lexer.ts';
import type { PdfReader } from '../../../revision/reader.ts';
import type { XrefSection } from '../../../revision/xref-section.ts';
import { isLineEnd } from './stream-span.ts';

export interface HeaderForm {
  /** The first line from `%PDF-` on, without its end. */
  readonly line: string;
  readonly offset: number;
  /** The second line is a comment that begins with four bytes over 127. */
  readonly hasBinaryComment: boolean;
}

const HEADER_BYTES = 1_024;
const TAIL_BYTES = 1_024;

export function headerForm(source: ByteSource): HeaderForm {
  const bytes = source.read(0, HEADER_BYTES + 64);
  const head = Buffer.from(bytes).toString('latin1');
  const offset = Math.max(0, head.indexOf('%PDF-'));
  const lineEnd = head.slice(offset).search(/[\r\n]/);
  const end = lineEnd < 0 ? head.length : offset + lineEnd;
  const next = end + (head.startsWith('\r\n', end) ? 2 : 1);
  const comment = bytes.subarray(next, next + 5);
  return {
    line: head.slice(offset, end),
    offset,
    hasBinaryComment:
      comment.length === 5 && comment[0] === 0x25 && comment.subarray(1).every((byte) => byte > 127),
  };
}

/** Bytes behind the last `%%EOF` and one end of line; undefined when there is no such marker. */
export function bytesBehindEof(source: ByteSource): number | undefined {
  const tail = Buffer.from(source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES)).toString('latin1');
  const at = tail.lastIndexOf('%%EOF');
  if (at < 0) return undefined;
  return tail.slice(at + 5).replace(/^(?:\r\n|\r|\n)/, '').length;
}

export interface TableForm {
  /** `xref` and the first subsection are parted by one end of line. */
  readonly isLineEnded: boolean;
  /** The two numbers of every subsection header are parted by one space. */
  readonly isSpaced: boolean;
}

/** Of the cross-reference tables of all revisions together. */
export function tableForm({ source, sections }: PdfReader, step: () => void): TableForm {
  let form: TableForm = { isLineEnded: true, isSpaced: true };
  for (const section of sections) {
    if (section.kind !== 'table') continue;
    const own = formOf(source, section, step);
    form = {
      isLineEnded: form.isLineEnded && own.isLineEnded,
      isSpaced: form.isSpaced && own.isSpaced,
    };
  }
  return form;
}

function formOf(source: ByteSource, section: XrefSection, step: () => void): TableForm {
  let at = section.offset;
  while (isWhite(source.read(at, 1)[0])) at += 1;
  at += 'xref'.length;
  const [first, second] = source.read(at, 2);
  const line = first === 0x0d && second === 0x0a ? 2 : isLineEnd(first) ? 1 : 0;
  const isLineEnded = line > 0 && isDigit(source.read(at + line, 1)[0]);
  let isSpaced = true;
  for (const { count } of section.ranges) {
    step();
    const text = Buffer.from(source.read(at, 64)).toString('latin1');
    const header = /^[\0\t\n\f\r ]*\d+([\0\t\n\f\r ]+)\d+[\0\t\n\f\r ]*/.exec(text);
    if (header === null) break;
    if (header[1] !== ' ') isSpaced = false;
    at = behindEntries(source, at + header[0].length, count, step);
  }
  return { isLineEnded, isSpaced };
}

function behindEntries(source: ByteSource, from: number, count: number, step: () => void): number {
  let at = from;
  for (let index = 0; index < count; index += 1) {
    step();
    const entry = /^[\0\t\n\f\r ]*\d+[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+[nf]/.exec(
      Buffer.from(source.read(at, 48)).toString('latin1'),
    );
    if (entry === null) break;
    at += entry[0].length;
  }
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
