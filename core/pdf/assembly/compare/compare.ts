/**
 * Whether a file that was cut out of a larger print is what printing it by itself gives: the same pages, painted alike at the same
 * places, the same text, links, tags, title and language.
 */
import { memorySource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import { PdfDict, type PdfObject } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';
import { ShownText } from '../split/shown-text.ts';
import { digest, marksOf, type Mark } from './page-marks.ts';
import { tagLines } from './tag-lines.ts';

export interface CompareTask {
  /** As Chromium printed it. */
  readonly alone: Uint8Array;
  readonly cut: Uint8Array;
}

/** Points: a thousandth of an inch is 0.072. Chromium counts in 1/64 of a CSS pixel, 0.012 points. */
const TOLERANCE = 0.02;

/** Undefined for files that are alike, else in words where they differ first. Throws PDF_DAMAGED. */
export function comparePdfs({ alone, cut }: CompareTask): string | undefined {
  const [a, b] = [new Compared(alone), new Compared(cut)];
  if (a.pages.length !== b.pages.length) return `pages: ${a.pages.length} and ${b.pages.length}`;
  for (const [index, page] of a.pages.entries()) {
    const other = b.pages[index];
    const difference = other === undefined ? 'missing' : pageDifference(a, page, b, other);
    if (difference !== undefined) return `page ${index + 1}: ${difference}`;
  }
  const tags = firstDifference(a.tags(), b.tags());
  if (tags !== undefined) return `tags: ${tags}`;
  const facts = firstDifference(a.facts(), b.facts());
  return facts === undefined ? undefined : `facts: ${facts}`;
}

class Compared {
  readonly document: PdfDocument;
  /** Object numbers. */
  readonly pages: readonly number[];
  readonly shown: ShownText;

  constructor(pdf: Uint8Array) {
    this.document = PdfDocument.open(memorySource(pdf));
    this.pages = [...this.document.pages()].map(({ ref }) => ref.number);
    this.shown = new ShownText(this.document);
  }

  page(number: number): PdfDict {
    const dict = this.document.get(number);
    return dict instanceof PdfDict ? dict : new PdfDict();
  }

  tags(): string[] {
    return tagLines(this.document, this.pages);
  }

  facts(): string[] {
    const { document } = this;
    const of = (holder: PdfDict | undefined, key: string): string =>
      `${key} ${digest(document, holder?.get(key), 0)}`;
    const info = document.dictAt(document.trailer, 'Info');
    return [
      ...['Title', 'Creator', 'Producer'].map((key) => of(info, key)),
      ...['Lang', 'MarkInfo', 'ViewerPreferences'].map((key) => of(document.root, key)),
    ];
  }
}

const BOXES = ['MediaBox', 'CropBox', 'Rotate', 'Tabs', 'UserUnit'];

function pageDifference(a: Compared, page: number, b: Compared, other: number): string | undefined {
  const [one, two] = [a.page(page), b.page(other)];
  for (const key of BOXES) {
    const [x, y] = [one.get(key), two.get(key)].map((value: PdfObject | undefined) =>
      serialize(value ?? null),
    );
    if (x !== y) return `${key}: ${x ?? ''} and ${y ?? ''}`;
  }
  const [text, otherText] = [a.shown.of(page).text, b.shown.of(other).text];
  if (text !== otherText) return 'its text';
  const links = firstDifference(linksOf(a, one), linksOf(b, two));
  if (links !== undefined) return `links: ${links}`;
  return marksDifference(marksOf(a.document, one), marksOf(b.document, two));
}

const linksOf = ({ document }: Compared, page: PdfDict): string[] =>
  (document.arrayAt(page, 'Annots') ?? []).map((each) => digest(document, each, 0));

function marksDifference(one: Generator<Mark>, two: Generator<Mark>): string | undefined {
  for (;;) {
    const [a, b] = [one.next(), two.next()];
    if (a.done === true || b.done === true) {
      return a.done === b.done ? undefined : 'more is painted on one of them';
    }
    const [x, y] = [a.value, b.value];
    if (x.what !== y.what) return `${shortened(x.what)} and ${shortened(y.what)}`;
    const isNear =
      x.at.length === y.at.length &&
      x.at.every((value, index) => Math.abs(value - (y.at[index] ?? Infinity)) <= TOLERANCE);
    if (!isNear) return `${shortened(x.what)} at ${x.at.join(' ')} and ${y.at.join(' ')}`;
  }
}

function firstDifference(one: readonly string[], two: readonly string[]): string | undefined {
  for (let index = 0; index < Math.max(one.length, two.length); index += 1) {
    const [a = 'nothing', b = 'nothing'] = [one[index], two[index]];
    if (a !== b) return `${shortened(a)} and ${shortened(b)}`;
  }
  return undefined;
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
