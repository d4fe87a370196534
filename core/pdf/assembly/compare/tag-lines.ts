/** The structure of a file as lines, in which neither object numbers nor IDs are those of the file. */
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, PdfDict, PdfRef, PdfString, type PdfObject } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';
import { digest } from './page-marks.ts';

const MOST_ELEMENTS = 1_000_000;

/** `pages`: object numbers in their order. */
export function tagLines(document: PdfDocument, pages: readonly number[]): string[] {
  const root = document.dictAt(document.root, 'StructTreeRoot');
  if (root === undefined) return [];
  const elements = elementsOf(document, root);
  const ids = new Map<string, string>();
  for (const { dict } of elements) {
    const id = document.resolve(dict.get('ID'));
    if (id instanceof PdfString) ids.set(serialize(id), `id${ids.size}`);
  }
  const named = (text: string): string => text.replace(/\([^()]*\)|<[\dA-F]*>/g, (id) => ids.get(id) ?? id);
  const pageOf = (object: PdfObject | undefined): number =>
    object instanceof PdfRef ? pages.indexOf(object.number) : -1;
  return elements.map(({ dict, depth }) => {
    const k = document.resolve(dict.get('K'));
    const kids = (Array.isArray(k) ? k : [dict.get('K') ?? null]).map((kid) => {
      const value = document.resolve(kid);
      const mcid = numberOf(value);
      if (mcid !== undefined) return `${pageOf(dict.get('Pg'))}:${mcid}`;
      if (!(value instanceof PdfDict)) return '';
      if (value.has('MCID'))
        return `${pageOf(value.get('Pg') ?? dict.get('Pg'))}:${serialize(value.get('MCID') ?? null)}`;
      return value.has('Obj') ? `object ${digest(document, value.get('Obj'), 0)}` : '.';
    });
    const entries = [...dict]
      .filter(([key]) => !POSITION.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key} ${named(digest(document, value, 0))}`);
    return `${' '.repeat(Math.min(depth, 100))}${entries.join(' ')} ${kids.join(' ')}`;
  });
}

const POSITION = new Set(['P', 'K', 'Pg', 'Type']);

function elementsOf(document: PdfDocument, root: PdfDict): { dict: PdfDict; depth: number }[] {
  const found: { dict: PdfDict; depth: number }[] = [];
  const open: { object: PdfObject; depth: number }[] = [{ object: root.get('K') ?? null, depth: 0 }];
  const seen = new Set<PdfObject>();
  for (let next = open.pop(); next !== undefined && found.length < MOST_ELEMENTS; next = open.pop()) {
    const value = document.resolve(next.object);
    if (Array.isArray(value)) {
      for (const kid of value.toReversed()) open.push({ object: kid, depth: next.depth });
    } else if (value instanceof PdfDict && value.has('S') && !seen.has(value)) {
      seen.add(value);
      found.push({ dict: value, depth: next.depth });
      open.push({ object: value.get('K') ?? null, depth: next.depth + 1 });
    }
  }
  return found;
}
