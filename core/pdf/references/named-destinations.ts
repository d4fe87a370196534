/**
 * Where the named elements of a printed document stand: the destinations that Chromium writes for every id that a link
 * refers to (ISO 32000-1 §12.3.2.3), and the pages in order (§7.7.3). Reads a file as Chromium writes it: one revision, a
 * plain cross-reference table, no object streams.
 *
 * Chromium forgets the margins and the scale of the page in a destination (156 does), so they are read off the start of
 * the page's content, where it clips to the area within the margins and moves there.
 */
import { constants, inflateSync } from 'node:zlib';

export interface Destination {
  /** From 1. */
  readonly page: number;
  /** Points from the top of the page. */
  readonly y: number;
}

export interface PrintedPlaces {
  readonly pages: number;
  /** By id, as the document has it. */
  readonly byId: ReadonlyMap<string, Destination>;
}

const TAIL_BYTES = 1_024;
const DEFAULT_HEIGHT = 842;

/** Undefined for a file of another make. */
export function readPrintedPlaces(pdf: Uint8Array): PrintedPlaces | undefined {
  const file = PdfFile.open(pdf);
  const root = file?.root();
  const pages = root === undefined ? undefined : file?.pages(reference(root, 'Pages'));
  if (file === undefined || root === undefined || pages === undefined) return undefined;
  const byNumber = new Map(pages.map((page, index) => [page.object, { ...page, number: index + 1 }]));
  const byId = new Map<string, Destination>();
  const areas = new Map<number, ContentArea>();
  const areaOf = (object: number): ContentArea => {
    const area = areas.get(object) ?? file.contentArea(object) ?? WHOLE_PAGE;
    areas.set(object, area);
    return area;
  };
  const destinations = reference(root, 'Dests');
  const dictionary = destinations === undefined ? undefined : file.object(destinations);
  for (const [, name = '', object, y] of (dictionary ?? '').matchAll(DESTINATION)) {
    const page = byNumber.get(Number(object));
    const id = idOf(name);
    if (page === undefined || id === undefined) continue;
    const { top, scale } = areaOf(page.object);
    byId.set(id, { page: page.number, y: top + (page.height - Number(y)) * scale });
  }
  return { pages: pages.length, byId };
}

const DESTINATION = /\/([^\s/[\]<>()]+)\s*\[\s*(\d+)\s+\d+\s+R\s*\/XYZ\s+[\d.+-]+\s+([\d.+-]+)/g;

/** A name of PDF (§7.3.5) that is the fragment of a URL. */
function idOf(name: string): string | undefined {
  const fragment = name.replace(/#([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

/** Also the number of an object that a dictionary refers to. */
function reference(dictionary: string, key: string): number | undefined {
  const match = new RegExp(`/${key}\\s+(\\d+)\\s+\\d+\\s+R`).exec(dictionary);
  return match ? Number(match[1]) : undefined;
}

interface Page {
  readonly object: number;
  /** Points. */
  readonly height: number;
}

/** Where the content of a page begins, points from its top, and the factor from CSS points to those of the page. */
interface ContentArea {
  readonly top: number;
  readonly scale: number;
}

const WHOLE_PAGE: ContentArea = { top: 0, scale: 1 };
/** Of a compressed stream; what margin boxes draw comes before the content. */
const HEAD_BYTES = [2_048, 65_536];
const UNIT = /^\s*([\d.]+) 0 0 -\1 0 [\d.]+ cm/;
const CONTENT_START =
  /(?:^|\s)([\d.]+) ([\d.]+) [\d.]+ [\d.]+ re\s+W\*? n\s+(?:q\s+)*([\d.]+) 0 0 \3 \1 -?[\d.]+ cm/;
const CSS_POINT = 0.75;

function readContentArea(head: string): ContentArea | undefined {
  const unit = Number(UNIT.exec(head)?.[1]);
  const start = CONTENT_START.exec(head);
  if (!(unit > 0) || start === null) return undefined;
  return { top: Number(start[2]) * unit, scale: (Number(start[3]) * unit) / CSS_POINT };
}

class PdfFile {
  readonly #bytes: Buffer;
  readonly #offsets: ReadonlyMap<number, number>;
  readonly #trailer: string;

  private constructor(bytes: Buffer, offsets: ReadonlyMap<number, number>, trailer: string) {
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#trailer = trailer;
  }

  static open(pdf: Uint8Array): PdfFile | undefined {
    const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
    const tail = bytes.toString('latin1', Math.max(0, bytes.length - TAIL_BYTES));
    const start = /startxref\s+(\d+)\s*%%EOF\s*$/.exec(tail)?.[1];
    if (start === undefined) return undefined;
    const table = bytes.toString('latin1', Number(start));
    const head = /^xref\s+(\d+) (\d+)\s*[\r\n]/.exec(table);
    const trailerAt = table.indexOf('trailer');
    if (head === null || trailerAt < 0) return undefined;
    const offsets = new Map<number, number>();
    let number = Number(head[1]);
    for (const [, offset, kind] of table
      .slice(head[0].length, trailerAt)
      .matchAll(/(\d{10}) \d{5} ([nf])/g)) {
      if (kind === 'n') offsets.set(number, Number(offset));
      number += 1;
    }
    return new PdfFile(bytes, offsets, table.slice(trailerAt));
  }

  root(): string | undefined {
    const number = reference(this.#trailer, 'Root');
    return number === undefined ? undefined : this.object(number);
  }

  /** The text of an object without a stream. */
  object(number: number): string | undefined {
    const offset = this.#offsets.get(number);
    if (offset === undefined) return undefined;
    const end = this.#bytes.indexOf('endobj', offset, 'latin1');
    return end < 0 ? undefined : this.#bytes.toString('latin1', offset, end);
  }

  /** Undefined when the content of the page begins otherwise. */
  contentArea(page: number): ContentArea | undefined {
    const number = reference(this.object(page) ?? '', 'Contents');
    const offset = number === undefined ? undefined : this.#offsets.get(number);
    const keyword = offset === undefined ? -1 : this.#bytes.indexOf('stream', offset, 'latin1');
    if (keyword < 0) return undefined;
    const start =
      keyword + 'stream'.length + (this.#bytes[keyword + 'stream'.length] === CARRIAGE_RETURN ? 2 : 1);
    for (const length of HEAD_BYTES) {
      const area = readContentArea(inflateHead(this.#bytes.subarray(start, start + length)));
      if (area !== undefined) return area;
    }
    return undefined;
  }

  /** The pages below a node of the tree, in order; undefined when it is not as it should be. */
  pages(node: number | undefined): Page[] | undefined {
    const pages: Page[] = [];
    const seen = new Set<number>();
    const open = [node];
    while (open.length > 0) {
      const number = open.pop();
      const text = number === undefined || seen.has(number) ? undefined : this.object(number);
      if (number === undefined || text === undefined) return undefined;
      seen.add(number);
      const kids = /\/Kids\s*\[([^\]]*)\]/.exec(text)?.[1];
      if (kids === undefined) {
        const box = /\/MediaBox\s*\[\s*[\d.+-]+\s+[\d.+-]+\s+[\d.+-]+\s+([\d.+-]+)/.exec(text)?.[1];
        pages.push({ object: number, height: box === undefined ? DEFAULT_HEIGHT : Number(box) });
      } else {
        const below = [...kids.matchAll(/(\d+)\s+\d+\s+R/g)].map(([, kid]) => Number(kid));
        open.push(...below.reverse());
      }
    }
    return pages;
  }
}

const CARRIAGE_RETURN = 0x0d;

/** As much as a part of a compressed stream gives. */
function inflateHead(bytes: Buffer): string {
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return '';
  }
}
