/** The preview's sums and searches, without a browser. */
import { describe, expect, it } from 'vitest';
import type { Place } from '../../contract/studio/preview.ts';
import { fileSize } from '../../renderer/features/preview/file-size.ts';
import {
  A4,
  currentPage,
  layOut,
  positionOf,
  scaleFor,
  scrollOf,
  seenPages,
  zoomStep,
} from '../../renderer/features/preview/page-layout.ts';
import { pageMargins } from '../../renderer/features/preview/page-margins.ts';
import { placeAt, placeOf } from '../../renderer/features/preview/places.ts';
import { searchText } from '../../renderer/features/preview/search-text.ts';

const VIEW = { width: 600, height: 800 };
const document = (pages: number, scale: number) => layOut(pages, () => A4, scale, VIEW.width);

describe('the layout of pages', () => {
  it('fits a page into the width and, turned, into the height (a page cut off by the zoom that fits it)', () => {
    const wide = { width: 1000, height: 400 };
    expect(document(1, scaleFor('width', A4, VIEW)).width).toBe(VIEW.width);
    expect(A4.width * scaleFor('page', A4, VIEW)).toBeLessThanOrEqual(VIEW.width);
    expect(A4.height * scaleFor('page', A4, { width: 2000, height: 500 })).toBeLessThanOrEqual(500);
    expect(wide.width * scaleFor('page', wide, VIEW)).toBeLessThanOrEqual(VIEW.width);
  });

  it('keeps what is at the top when the zoom changes (a jump to another page)', () => {
    const before = document(1200, 0.9);
    const top = before.frame(700).top + 0.25 * before.frame(700).height;
    const position = positionOf(before, { top, left: 0 }, VIEW);
    const after = document(1200, 2.3);
    const scroll = scrollOf(after, position, VIEW);
    expect(after.pageAt(scroll.top)).toBe(700);
    expect((scroll.top - after.frame(700).top) / after.frame(700).height).toBeCloseTo(0.25, 3);
  });

  it('stays inside a document that became shorter', () => {
    const long = document(20, 1);
    const position = positionOf(long, { top: long.frame(15).top, left: 0 }, VIEW);
    const short = document(3, 1);
    expect(scrollOf(short, position, VIEW).top).toBeLessThanOrEqual(short.height - VIEW.height);
  });

  it('names the pages that are seen, pages of other sizes among them', () => {
    const sizes = [A4, { width: A4.height, height: A4.width }, A4];
    const mixed = layOut(3, (index) => sizes[index] ?? A4, 1, VIEW.width);
    const second = mixed.frame(1);
    expect(seenPages(mixed, second.top, second.height)).toEqual([1, 1]);
    expect(seenPages(mixed, second.top - 40, second.height)).toEqual([0, 1]);
    expect(currentPage(mixed, second.top - 40, second.height)).toBe(1);
    expect(mixed.width).toBeGreaterThan(A4.height);
  });

  it('steps to the next known zoom from any other', () => {
    expect([zoomStep(0.87, 1), zoomStep(0.87, -1), zoomStep(1, 1), zoomStep(8, 1)]).toEqual([
      0.9, 0.75, 1.25, 8,
    ]);
  });
});

describe('places', () => {
  const place = (path: string, line: number, page: number, y: number): Place => ({ path, line, page, y });
  const places = [
    place('template.html', 3, 1, 40),
    place('partials/line.hbs', 1, 1, 200),
    place('partials/line.hbs', 1, 2, 50),
    place('template.html', 20, 2, 300),
  ];

  it('finds the source of a point: the last that begins above it, also on the page before', () => {
    expect(placeAt(places, 1, 199)).toMatchObject({ line: 3 });
    expect(placeAt(places, 2, 299)).toMatchObject({ path: 'partials/line.hbs' });
    expect(placeAt(places, 2, 10)).toMatchObject({ path: 'partials/line.hbs', page: 1 });
    expect(placeAt(places, 1, 0)).toMatchObject({ line: 3 });
    expect(placeAt([], 1, 0)).toBeUndefined();
  });

  it('finds where a line landed, of a loop the one near the reader', () => {
    expect(placeOf(places, { path: 'template.html', line: 19 }, 1)).toMatchObject({ line: 3 });
    expect(placeOf(places, { path: 'template.html', line: 1 }, 1)).toMatchObject({ line: 3 });
    expect(placeOf(places, { path: 'partials/line.hbs', line: 1 }, 2)).toMatchObject({ page: 2 });
    expect(placeOf(places, { path: 'style.css', line: 1 }, 1)).toBeUndefined();
  });
});

describe('margins', () => {
  it('reads them from @page, each side over the shorthand, margin boxes and comments aside', () => {
    const css = `/* @page { margin: 1mm } */ @page { margin: 20mm 15mm; margin-left: 1in;
      @bottom-right { content: 'x'; margin: 3mm } } @page :first { margin: 0 }`;
    expect(pageMargins([css], undefined)).toEqual({ top: 20, right: 15, bottom: 20, left: 25.4 });
  });

  it('takes those of the manifest where the CSS says nothing, else the default', () => {
    const manifest = JSON.stringify({ options: { margin: { top: '30mm' } } });
    expect(pageMargins(['p { margin: 1mm }'], manifest)).toEqual({
      top: 30,
      right: 10,
      bottom: 10,
      left: 10,
    });
    expect(pageMargins([], '{ broken')).toEqual({ top: 10, right: 10, bottom: 10, left: 10 });
  });
});

describe('search', () => {
  const pieces = [
    { str: 'Total', hasEOL: false },
    { str: ' a', hasEOL: false },
    { str: 'mount', hasEOL: true },
    { str: 'Straße İstanbul total  amount', hasEOL: false },
  ];

  it('finds words over pieces, line ends, letter case and runs of space', () => {
    expect(searchText(pieces, 'total amount')).toEqual([
      { start: { piece: 0, offset: 0 }, end: { piece: 2, offset: 5 } },
      { start: { piece: 3, offset: 16 }, end: { piece: 3, offset: 29 } },
    ]);
    expect(searchText(pieces, 'AMOUNT STRASSE')).toEqual([]);
    expect(searchText(pieces, 'amount straße')).toHaveLength(1);
  });

  it('finds nothing for nothing, and takes signs of patterns as they are', () => {
    expect(searchText(pieces, '  ')).toEqual([]);
    expect(searchText([{ str: 'a.c (x)', hasEOL: false }], '.')).toHaveLength(1);
    expect(searchText([{ str: 'a.c (x)', hasEOL: false }], '(x)')).toHaveLength(1);
  });
});

describe('what the bytes are spent on', () => {
  const object = (dictionary: string, length: number): string =>
    `1 0 obj\n<<${dictionary} /Length ${length}>> stream\n${'x'.repeat(length)}\nendstream\nendobj\n`;

  it('tells fonts and images from the rest, though their bytes may look like objects', () => {
    const pdf = [
      object('/Subtype /Image /Width 40 /Height 30', 500),
      object('/Filter /FlateDecode /Length1 900', 300),
      object('', 100).replace('xxxxxxxxxxxx', '/Image stream'.slice(0, 12)),
    ].join('');
    const size = fileSize(new TextEncoder().encode(pdf));
    expect(size).toMatchObject({
      images: 500,
      fonts: 300,
      largestImage: { bytes: 500, width: 40, height: 30 },
    });
    expect(size.fonts + size.images + size.other).toBe(pdf.length);
  });

  it('ends for a file that is cut off', () => {
    expect(fileSize(new TextEncoder().encode('1 0 obj <</Length 99999>> stream\nabc')).other).toBeGreaterThan(
      0,
    );
  });
});
