/** Where on its page a broken rule shows: the place of the annotation or of the tagged content at fault. */
import type { Violation } from '../../../contract/verify.ts';
import { ContentReader } from '../content/content-reader.ts';
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { numberOf, PdfDict, PdfRef, PdfStream, type PdfObject } from '../revision/objects.ts';

const MOST_LOCATED = 50;
const MOST_ELEMENTS = 10_000;

/** The violations with `y` (points from the top of the page) and, for tagged content, the page, where the file tells them. */
export function locateViolations(document: PdfDocument, violations: readonly Violation[]): Violation[] {
  const pages = [...document.pages()];
  return violations.map((violation, index) => {
    if (index >= MOST_LOCATED || violation.object === null) return violation;
    try {
      return { ...violation, ...placeOf(document, pages, violation.object, violation.page) };
    } catch {
      // A file that breaks a rule may be broken here too; then it has no place.
      return violation;
    }
  });
}

interface Place {
  readonly page: number;
  readonly y: number;
}

function placeOf(
  document: PdfDocument,
  pages: readonly PdfPage[],
  object: number,
  known: number | null,
): Partial<Place> {
  const dict = document.get(object);
  if (!(dict instanceof PdfDict)) return {};
  if (dict.has('Rect')) return placeOfAnnotation(document, pages, dict, known);
  const content = firstContent(document, dict);
  const index = content === undefined ? -1 : pages.findIndex(({ ref }) => ref.number === content.page);
  const page = pages[index];
  if (content === undefined || page === undefined) return {};
  const y = contentTop(document, page, content.mcid);
  return y === undefined ? { page: index + 1 } : { page: index + 1, y };
}

function placeOfAnnotation(
  document: PdfDocument,
  pages: readonly PdfPage[],
  annotation: PdfDict,
  known: number | null,
): Partial<Place> {
  const page = known === null ? undefined : pages[known - 1];
  const rect = document.arrayAt(annotation, 'Rect')?.map((value) => numberOf(document.resolve(value)) ?? 0);
  if (page === undefined || rect === undefined) return {};
  return { y: topOf(document, page) - Math.max(rect[1] ?? 0, rect[3] ?? 0) };
}

function topOf(document: PdfDocument, page: PdfPage): number {
  const box = page.inherited('MediaBox');
  return Array.isArray(box) ? (numberOf(document.resolve(box[3])) ?? 0) : 0;
}

interface MarkedContent {
  readonly mcid: number;
  /** Object number of its page. */
  readonly page: number;
}

/** The first marked content below a structure element (ISO 32000-2 §14.7.5). */
function firstContent(document: PdfDocument, element: PdfDict): MarkedContent | undefined {
  const open: { readonly kid: PdfObject | undefined; readonly page: PdfObject | undefined }[] = [
    { kid: element, page: element.get('Pg') },
  ];
  for (let looked = 0; open.length > 0 && looked < MOST_ELEMENTS; looked += 1) {
    const next = open.pop();
    if (next === undefined) break;
    const kid = document.resolve(next.kid);
    const page = next.page;
    if (typeof kid === 'number' && page instanceof PdfRef) return { mcid: kid, page: page.number };
    if (Array.isArray(kid)) open.push(...kid.toReversed().map((each) => ({ kid: each, page })));
    if (!(kid instanceof PdfDict)) continue;
    const own = kid.get('Pg') ?? page;
    const mcid = numberOf(kid.get('MCID'));
    if (mcid !== undefined && own instanceof PdfRef) return { mcid, page: own.number };
    if (kid.has('K')) open.push({ kid: kid.get('K'), page: own });
  }
  return undefined;
}

/** Rows of a transformation: x' = a·x + c·y + e, y' = b·x + d·y + f. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[1] * n[2],
  m[0] * n[1] + m[1] * n[3],
  m[2] * n[0] + m[3] * n[2],
  m[2] * n[1] + m[3] * n[3],
  m[4] * n[0] + m[5] * n[2] + n[4],
  m[4] * n[1] + m[5] * n[3] + n[5],
];

/** Points from the top of the page to what is first painted inside the marked content. */
function contentTop(document: PdfDocument, page: PdfPage, mcid: number): number | undefined {
  const contents = document.resolve(page.dict.get('Contents'));
  const streams = (Array.isArray(contents) ? contents : [contents]).map((each) => document.resolve(each));
  const bytes = streams.flatMap((each) =>
    each instanceof PdfStream ? [document.decodedBytes(each), Buffer.from('\n')] : [],
  );
  const reader = new ContentReader(Buffer.concat(bytes));
  const stack: Matrix[] = [];
  let current = IDENTITY;
  let text = IDENTITY;
  let depth = 0;
  const at = (matrix: Matrix, x: number, y: number): number =>
    topOf(document, page) - (matrix[1] * x + matrix[3] * y + matrix[5]);
  while (reader.next()) {
    const { operator, operands } = reader;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = operands.map((each) => numberOf(each) ?? 0);
    switch (operator) {
      case 'q':
        stack.push(current);
        break;
      case 'Q':
        current = stack.pop() ?? IDENTITY;
        break;
      case 'cm':
        current = multiply([a, b, c, d, e, f], current);
        break;
      case 'BT':
        text = IDENTITY;
        break;
      case 'Tm':
        text = [a, b, c, d, e, f];
        break;
      case 'Td':
      case 'TD':
        text = multiply([1, 0, 0, 1, a, b], text);
        break;
      case 'BMC':
      case 'BDC':
        if (depth > 0 || mcidOf(operands[1]) === mcid) depth += 1;
        break;
      case 'EMC':
        if (depth > 0) depth -= 1;
        break;
      case 'Tj':
      case 'TJ':
        if (depth > 0) return at(multiply(text, current), 0, 0);
        break;
      case 'Do':
        if (depth > 0) return Math.min(at(current, 0, 0), at(current, 0, 1));
        break;
      case 're':
        if (depth > 0) return Math.min(at(current, a, b), at(current, a, b + d));
        break;
      case 'm':
        if (depth > 0) return at(current, a, b);
        break;
      default:
    }
  }
  return undefined;
}

const mcidOf = (properties: PdfObject | undefined): number | undefined =>
  properties instanceof PdfDict ? numberOf(properties.get('MCID')) : undefined;
