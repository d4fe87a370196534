/** The file as bytes: ISO 19005-1 §6.1.2–6.1.8 and what the later parts made of it. */
import { PdfName, PdfRef, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { rule, type Rule } from '../rule.ts';

const HEADERS = {
  1: { pattern: /%PDF-\d\.\d/, words: '"%PDF-1.4"' },
  2: { pattern: /^%PDF-1\.[0-7]$/, words: '"%PDF-1.7"' },
  3: { pattern: /^%PDF-1\.[0-7]$/, words: '"%PDF-1.7"' },
  4: { pattern: /^%PDF-2\.\d$/, words: '"%PDF-2.0"' },
} as const;

const header = rule(
  { a1: '6.1.2-1', a23: '6.1.2-1', a4: '6.1.2-1', ua1: '6.1-1' },
  ({ facts, level, report }) => {
    const { line, offset } = facts.header;
    const { pattern, words } = HEADERS[level.part ?? 2];
    if (offset !== 0 && level.part !== undefined) report('The file does not begin with its header.');
    else if (!pattern.test(line)) report(`The header is "${line.slice(0, 40)}"; it must be like ${words}.`);
  },
);

const binaryComment = rule({ a1: '6.1.2-2', a23: '6.1.2-2', a4: '6.1.2-2' }, ({ facts, report }) => {
  if (!facts.header.hasBinaryComment) {
    report('The header is not followed by a comment of four bytes over 127.');
  }
});

interface Trailers {
  readonly first: PdfDict;
  readonly last: PdfDict;
  readonly isLinearized: boolean;
}

/** Of the sections that stand first and last in the file. */
function trailers(facts: Facts): Trailers {
  return facts.once('trailers', () => {
    const { sections, trailer } = facts.reader;
    const sorted = [...sections].sort((a, b) => a.offset - b.offset);
    const first = sorted[0]?.trailer ?? trailer;
    const last = sorted.at(-1)?.trailer ?? trailer;
    return { first, last, isLinearized: trailer !== last && isLinearized(facts) };
  });
}

/** The first object of the file says that it is, and for this very size (ISO 32000-2 Annex F). */
function isLinearized({ file, reader }: Facts): boolean {
  const head = Buffer.from(reader.source.read(0, 1_024)).toString('latin1');
  const number = /(?:^|[\r\n ])(\d+)\s+\d+\s+obj/.exec(head)?.[1];
  const dict = number === undefined ? undefined : file.dict(new PdfRef(Number(number)));
  return dict?.has('Linearized') === true && file.integer(dict.get('L')) === reader.source.size;
}

function identifier({ file }: Facts, trailer: PdfDict): string | undefined {
  return file
    .array(trailer.get('ID'))
    ?.map((item) => Buffer.from(file.string(item)?.bytes ?? []).toString('latin1'))
    .join('');
}

const fileIdentifier = rule({ a1: '6.1.3-1', a23: '6.1.3-1', a4: '6.1.3-1' }, ({ facts, level, report }) => {
  const { first, last, isLinearized: linearized } = trailers(facts);
  const id = identifier(facts, linearized ? first : last);
  if (id === undefined || (level.part !== 1 && id === '')) report('The trailer has no /ID.');
});

const sameIdentifiers = rule({ a1: '6.1.3-4' }, ({ facts, report }) => {
  const { first, last, isLinearized: linearized } = trailers(facts);
  const id = identifier(facts, last);
  if (linearized && id !== undefined && id !== identifier(facts, first)) {
    report('The two trailers of the linearized file have different /ID entries.');
  }
});

const nothingBehindEnd = rule({ a1: '6.1.3-3', a23: '6.1.3-3', a4: '6.1.3-3' }, ({ facts, report }) => {
  if (facts.bytesBehindEof !== 0) report('Something follows the end of the file, "%%EOF".');
});

const noInfo = rule({ a4: '6.1.3-4' }, ({ facts, report }) => {
  const info = facts.file.resolve(facts.reader.trailer.get('Info'));
  if (info !== null && !facts.catalog.has('PieceInfo')) {
    report('The trailer has /Info, which is only allowed beside /PieceInfo in the catalog.');
  }
});

const infoOfDateAlone = rule({ a4: '6.1.3-5' }, ({ facts, report }) => {
  const { info, file } = facts;
  if (info !== undefined && !(info.size === 1 && file.string(info.get('ModDate')) !== undefined)) {
    report('The document information dictionary holds more than /ModDate.');
  }
});

const spacedSubsections = rule({ a1: '6.1.4-1' }, ({ facts, report }) => {
  if (!facts.tables.isSpaced) {
    report('The numbers of a subsection of the cross-reference table are not parted by one space.');
  }
});

const xrefLine = rule({ a1: '6.1.4-2', a23: '6.1.4-2', a4: '6.1.4-1' }, ({ facts, report }) => {
  if (!facts.tables.isLineEnded)
    report('"xref" is not followed by one end of line and the first subsection.');
});

const noXrefStreams = rule({ a1: '6.1.4-3' }, ({ facts, report }) => {
  if (facts.reader.sections.some(({ kind }) => kind === 'stream')) {
    report('The file has cross-reference streams, which PDF 1.4 does not know.');
  }
});

const streamLengths = rule({ a1: '6.1.7-1', a23: '6.1.7.1-1', a4: '6.1.6.1-1' }, ({ facts, report }) => {
  for (const { number } of facts.objects.streams) {
    const form = facts.file.streamForm(number);
    if (form === undefined || form.statedLength === form.actualLength) continue;
    const stated = form.statedLength ?? 'no length';
    report(`A stream says that it has ${stated} bytes and has ${form.actualLength}.`, { object: number });
  }
});

const streamLines = rule({ a1: '6.1.7-2', a23: '6.1.7.1-2' }, ({ facts, report }) => {
  for (const { number } of facts.objects.streams) {
    const form = facts.file.streamForm(number);
    if (form === undefined || (form.startLine && form.endLine)) continue;
    const where = form.startLine ? 'before "endstream"' : 'behind "stream"';
    report(`The end of line ${where} is missing or wrong.`, { object: number });
  }
});

const noExternalStreams = rule({ a1: '6.1.7-3', a23: '6.1.7.1-3', a4: '6.1.6.1-2' }, ({ facts, report }) => {
  for (const { number, stream } of facts.objects.streams) {
    const key = ['F', 'FFilter', 'FDecodeParms'].find(
      (name) => facts.file.resolve(stream.dict.get(name)) !== null,
    );
    if (key !== undefined) report(`A stream keeps its data in another file (/${key}).`, { object: number });
  }
});

const objectSpacing = rule({ a1: '6.1.8-1', a23: '6.1.9-1', a4: '6.1.8-1' }, ({ facts, report }) => {
  if (facts.objects.count === 0) return;
  for (const object of facts.file.unspaced) {
    report('"obj" or "endobj" is not set off by the single spaces and ends of line that it needs.', {
      object,
    });
  }
});

const FILTERS = new Set([
  'ASCIIHexDecode',
  'ASCII85Decode',
  'FlateDecode',
  'RunLengthDecode',
  'CCITTFaxDecode',
  'JBIG2Decode',
  'DCTDecode',
  'JPXDecode',
]);

const filters = rule({ a1: '6.1.10-1', a23: '6.1.7.2-1', a4: '6.1.6.2-1' }, ({ facts, level, report }) => {
  const { file } = facts;
  for (const { number, stream } of facts.objects.streams) {
    const parameters = listOf(file.resolve(stream.dict.get('DecodeParms')));
    for (const [index, item] of listOf(file.resolve(stream.dict.get('Filter'))).entries()) {
      const filter = file.resolve(item);
      if (!(filter instanceof PdfName)) continue;
      const own = file.dict(parameters[index]);
      const isCrypt =
        filter.name === 'Crypt' && (own === undefined || file.name(own.get('Name')) === 'Identity');
      const isAllowed = level.part === 1 ? filter.name !== 'LZWDecode' : FILTERS.has(filter.name) || isCrypt;
      if (!isAllowed) report(`A stream has the filter ${filter.name}.`, { object: number });
    }
  }
});

const listOf = (object: PdfObject): readonly PdfObject[] =>
  object === null ? [] : Array.isArray(object) ? object : [object];

const version = rule({ a4: '6.1.12-1' }, ({ facts, report }) => {
  const value = facts.file.name(facts.catalog.get('Version'));
  if (value !== undefined && !/^2\.\d$/.test(value)) {
    report(`The catalog names version ${value.slice(0, 20)} of PDF.`, { object: facts.catalogObject });
  }
});

/** Objects that no reader can read are no part of any standard. */
const readable = rule(
  { a1: 'syntax', a23: 'syntax', a4: 'syntax', ua1: 'syntax', ua2: 'syntax' },
  ({ facts, report }) => {
    if (facts.pageTree.problem !== undefined) report(facts.pageTree.problem, { object: facts.catalogObject });
    if (facts.objects.count === 0) report('The file has no objects.');
    for (const [object, problem] of facts.file.broken)
      report(`An object cannot be read: ${problem}.`, { object });
  },
);

export const FILE_STRUCTURE: readonly Rule[] = [
  readable,
  header,
  binaryComment,
  fileIdentifier,
  sameIdentifiers,
  nothingBehindEnd,
  noInfo,
  infoOfDateAlone,
  spacedSubsections,
  xrefLine,
  noXrefStreams,
  streamLengths,
  streamLines,
  noExternalStreams,
  objectSpacing,
  filters,
  version,
];
