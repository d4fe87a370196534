/**
 * The number of pages of a PDF as Chromium writes it, by ISO 32000-1 §7.5: startxref → cross-reference table → trailer →
 * Root → Pages → Count. A few short reads, whatever the size of the file. Null for anything else, such as
 * cross-reference streams: the number is a courtesy, not a check.
 */

/** Up to `length` bytes from `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array | Promise<Uint8Array>;

const TAIL_BYTES = 1_024;
const TRAILER_BYTES = 4_096;
const OBJECT_BYTES = 65_536;
const ENTRY_BYTES = 20;
const MAX_SECTIONS = 32;
const MAX_SUBSECTIONS = 1_000;

export function countPagesOf(pdf: Uint8Array): Promise<number | null> {
  return countPages((offset, length) => pdf.subarray(offset, offset + length), pdf.byteLength);
}

/** `size`: bytes of the whole file. A failing read rejects. */
export async function countPages(read: ReadAt, size: number): Promise<number | null> {
  const text = async (offset: number, length: number): Promise<string> =>
    Buffer.from(await read(offset, Math.min(length, size - offset))).toString('latin1');

  const tailStart = Math.max(0, size - TAIL_BYTES);
  const tail = await text(tailStart, TAIL_BYTES);
  const start = /startxref\s+(\d+)/.exec(tail.slice(Math.max(0, tail.lastIndexOf('startxref'))));
  if (start === null) return null;

  const sections = await readSections(text, Number(start[1]), size);
  const root = sections.find((section) => section.root !== undefined)?.root;
  if (root === undefined) return null;

  const dictionary = async (number: number): Promise<string | undefined> => {
    const offset = await findObject(text, sections, number);
    if (offset === undefined || offset >= size) return undefined;
    const object = await text(offset, OBJECT_BYTES);
    if (!new RegExp(`^\\s*${number}\\s+\\d+\\s+obj\\b`).test(object)) return undefined;
    const end = object.indexOf('endobj');
    return end === -1 ? object : object.slice(0, end);
  };

  const pages = /\/Pages\s+(\d+)\s+\d+\s+R/.exec((await dictionary(root)) ?? '');
  if (pages === null) return null;
  const count = /\/Count\s+(\d+)/.exec((await dictionary(Number(pages[1]))) ?? '');
  return count === null ? null : Number(count[1]);
}

type ReadText = (offset: number, length: number) => Promise<string>;

interface Section {
  readonly ranges: readonly { readonly first: number; readonly count: number; readonly offset: number }[];
  readonly root: number | undefined;
}

/** The tables of all revisions, newest first. */
async function readSections(text: ReadText, start: number, size: number): Promise<Section[]> {
  const sections: Section[] = [];
  const seen = new Set<number>();
  let offset: number | undefined = start;
  while (offset !== undefined && offset < size && sections.length < MAX_SECTIONS && !seen.has(offset)) {
    seen.add(offset);
    const head = /^\s*xref\s+/.exec(await text(offset, 64));
    if (head === null) break;
    let at = offset + head[0].length;
    const ranges: { first: number; count: number; offset: number }[] = [];
    while (ranges.length < MAX_SUBSECTIONS) {
      const line = /^\s*(\d+) (\d+)\s*[\r\n]/.exec(await text(at, 64));
      if (line === null) break;
      at += line[0].length;
      const count = Number(line[2]);
      ranges.push({ first: Number(line[1]), count, offset: at });
      at += count * ENTRY_BYTES;
      if (at > size) break;
    }
    const trailer = at < size ? await text(at, TRAILER_BYTES) : '';
    if (!/^\s*trailer\b/.test(trailer)) break;
    const dictionary = trailer.slice(0, Math.max(0, trailer.indexOf('startxref')) || undefined);
    const root = /\/Root\s+(\d+)\s+\d+\s+R/.exec(dictionary);
    const previous = /\/Prev\s+(\d+)/.exec(dictionary);
    sections.push({ ranges, root: root === null ? undefined : Number(root[1]) });
    offset = previous === null ? undefined : Number(previous[1]);
  }
  return sections;
}

async function findObject(
  text: ReadText,
  sections: readonly Section[],
  number: number,
): Promise<number | undefined> {
  for (const { ranges } of sections) {
    const range = ranges.find(({ first, count }) => number >= first && number < first + count);
    if (range === undefined) continue;
    const entry = await text(range.offset + (number - range.first) * ENTRY_BYTES, ENTRY_BYTES);
    const match = /^(\d{10}) \d{5} n/.exec(entry);
    return match === null ? undefined : Number(match[1]);
  }
  return undefined;
}
