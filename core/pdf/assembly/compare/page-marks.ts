/** What a page paints, operation by operation, each at its place on the page: where the content stream counts from does not matter. */
import { createHash } from 'node:crypto';
import { ContentReader } from '../../content/content-reader.ts';
import { pageContent } from '../../content/page-content.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';

/** One operation: what must be equal, and numbers that must be nearly so. */
export interface Mark {
  readonly what: string;
  readonly at: readonly number[];
}

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

const MOST_DEPTH = 32;

/** Throws PdfSyntaxError and PDF_DAMAGED. */
export function* marksOf(document: PdfDocument, page: PdfDict): Generator<Mark> {
  const resources = document.dictAt(page, 'Resources');
  const reader = new ContentReader(pageContent(document, page));
  const stack: Matrix[] = [];
  let current = IDENTITY;
  let text = IDENTITY;
  let font = '';
  const point = (x = 0, y = 0): number[] => [
    current[0] * x + current[2] * y + current[4],
    current[1] * x + current[3] * y + current[5],
  ];
  while (reader.next()) {
    const { operator, operands } = reader;
    const numbers = operands.map((each) => numberOf(each) ?? 0);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
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
      case 'ET':
        break;
      case 'Tm':
        text = [a, b, c, d, e, f];
        break;
      case 'Td':
        text = multiply([1, 0, 0, 1, a, b], text);
        break;
      case 'Tf':
        font = `${fontName(document, resources, operands[0])} ${b}`;
        break;
      case 'Tj':
      case 'TJ':
        yield {
          what: `${operator} ${font} ${operands.map(serialize).join(' ')}`,
          at: multiply(text, current),
        };
        break;
      case 'm':
      case 'l':
        yield { what: operator, at: point(a, b) };
        break;
      case 're':
        yield { what: operator, at: [...point(a, b), ...point(a + c, b + d)] };
        break;
      case 'c':
        yield { what: operator, at: [...point(a, b), ...point(c, d), ...point(e, f)] };
        break;
      case 'Do':
      case 'sh':
      case 'gs':
      case 'scn':
      case 'SCN': {
        const what = operands.map((each) => resource(document, resources, operator, each)).join(' ');
        yield { what: `${operator} ${what}`, at: operator === 'Do' || operator === 'sh' ? current : numbers };
        break;
      }
      default:
        yield { what: `${operator} ${operands.map(withoutNumbers).join(' ')}`, at: numbers };
    }
  }
}

const withoutNumbers = (object: PdfObject): string =>
  numberOf(object) === undefined ? serialize(object) : '#';

/** Subsets of one font have names of their own. */
function fontName(document: PdfDocument, resources: PdfDict | undefined, key: PdfObject | undefined): string {
  const fonts = document.dictAt(resources, 'Font');
  const font = key instanceof PdfName ? document.dictAt(fonts, key.name) : undefined;
  const base = document.nameAt(font, 'BaseFont')?.replace(/^[A-Z]{6}\+/, '') ?? '';
  return `${document.nameAt(font, 'Subtype') ?? ''} ${base}`;
}

const CATEGORY: Readonly<Record<string, string>> = {
  Do: 'XObject',
  sh: 'Shading',
  gs: 'ExtGState',
  scn: 'Pattern',
  SCN: 'Pattern',
};

function resource(
  document: PdfDocument,
  resources: PdfDict | undefined,
  operator: string,
  object: PdfObject,
): string {
  if (!(object instanceof PdfName)) return withoutNumbers(object);
  return digest(document, document.dictAt(resources, CATEGORY[operator] ?? '')?.get(object.name), 0);
}

/** Equal for objects that are equal in all that they lead to. */
export function digest(document: PdfDocument, object: PdfObject | undefined, depth: number): string {
  if (depth > MOST_DEPTH) return '…';
  if (object instanceof PdfRef) return digest(document, document.resolve(object), depth + 1);
  if (Array.isArray(object)) return `[${object.map((each) => digest(document, each, depth + 1)).join(' ')}]`;
  if (object instanceof PdfStream) {
    const bytes = createHash('sha256').update(document.rawBytes(object)).digest('base64');
    return `${digest(document, object.dict, depth + 1)}${bytes}`;
  }
  if (!(object instanceof PdfDict)) return serialize(object ?? null);
  const entries = [...object].filter(([key]) => !OF_THE_FILE.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `<<${entries.map(([key, value]) => `${key} ${digest(document, value, depth + 1)}`).join(' ')}>>`;
}

/** What leads back to the page or the tree, and keys of the parent tree. */
const OF_THE_FILE = new Set(['P', 'Parent', 'StructParent', 'StructParents', 'Font']);
