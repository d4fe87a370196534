/**
 * Writes the structure tree anew: elements in reading order, equal attributes as one object, and the parent tree that leads from
 * marked content back to its element (ISO 32000-2 §14.7.5.4).
 */
import type { PdfDocument } from '../../revision/document.ts';
import {
  name,
  PdfDict,
  PdfRef,
  PdfStream,
  PdfString,
  PdfVerbatim,
  type PdfObject,
} from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';
import type { Attributes } from './attributes.ts';
import type { MarkedContent } from './element.ts';
import { ObjectReference, StructureElement } from './element.ts';
import type { StructureTree } from './read-tree.ts';

/** A smaller array is no relief, a larger one is forbidden in PDF/A-1 (ISO 19005-1 §6.1.12: 8,191). */
const MOST_IN_ARRAY = 4_096;

export interface WriteOptions {
  /** What an element says of its namespace, given its type: text that follows its type, such as `/NS 7 0 R`. */
  readonly namespaceOf?: (type: string) => string;
  /** More entries of the structure tree root. */
  readonly rootEntries: Readonly<Record<string, PdfObject | undefined>>;
}

/** Elements have their new numbers afterwards. */
export function numberElements(document: PdfDocument, tree: StructureTree): StructureElement[] {
  const elements = [...tree.root.walk()].slice(1);
  const old = Uint32Array.from(tree.numbers).sort();
  elements.forEach((element, index) => {
    const number = old[index];
    element.number = number ?? document.add(null).number;
  });
  for (const number of old.subarray(elements.length)) document.delete(new PdfRef(number));
  return elements;
}

/** `elements`: all of the tree, with their numbers. */
export function writeTree(
  document: PdfDocument,
  tree: StructureTree,
  elements: readonly StructureElement[],
  { namespaceOf, rootEntries }: WriteOptions,
): void {
  const attributes = new AttributeTexts(document, elements);
  const root = tree.rootRef.number;
  for (const element of elements) {
    const text = elementText(element, element.parent?.number || root, attributes, namespaceOf);
    document.set(new PdfRef(element.number), new PdfVerbatim(text));
  }
  const dict = document.editDict(tree.rootRef);
  forgetTree(document, dict.get('IDTree'));
  forgetTree(document, dict.get('ParentTree'));
  const { ref, nextKey } = parentTree(document, tree);
  dict.set('K', kidsOf(tree.root));
  dict.set('ParentTree', ref);
  dict.set('ParentTreeNextKey', nextKey);
  setOrDelete(dict, 'IDTree', idTree(document, elements));
  for (const [key, value] of Object.entries(rootEntries)) setOrDelete(dict, key, value);
}

function setOrDelete(dict: PdfDict, key: string, value: PdfObject | undefined): void {
  if (value === undefined) dict.delete(key);
  else dict.set(key, value);
}

function kidsOf({ elements }: StructureElement): PdfObject {
  const refs = elements.map(({ number }) => new PdfRef(number));
  return refs.length === 1 ? (refs[0] ?? null) : refs;
}

function elementText(
  element: StructureElement,
  parent: number,
  attributes: AttributeTexts,
  namespaceOf: WriteOptions['namespaceOf'],
): string {
  const { type, kids, entries } = element;
  const page = pageOf(element);
  let text = `<</S/${type}/P ${parent} 0 R`;
  if (namespaceOf !== undefined) text += namespaceOf(type);
  if (page !== 0) text += `/Pg ${page} 0 R`;
  if (kids.length === 1) text += `/K ${kidText(kids[0], page)}`;
  else if (kids.length > 1) {
    text += '/K[';
    for (const kid of kids) text += `${kidText(kid, page)} `;
    text += ']';
  }
  if (element.attributes !== undefined) text += `/A ${attributes.of(element.attributes)}`;
  if (entries !== undefined) {
    for (const [key, value] of entries) text += `${serialize(name(key))} ${serialize(value)}`;
  }
  return `${text}>>`;
}

/** The page of its first content: others name their own. */
function pageOf({ kids }: StructureElement): number {
  for (const kid of kids) if (!(kid instanceof StructureElement)) return kid.page;
  return 0;
}

function kidText(kid: StructureElement | MarkedContent | ObjectReference | undefined, page: number): string {
  if (kid instanceof StructureElement) return `${kid.number} 0 R`;
  if (kid === undefined) return 'null';
  const own = kid.page === page || kid.page === 0 ? '' : `/Pg ${kid.page} 0 R`;
  if (kid instanceof ObjectReference) return `<</Type/OBJR${own}/Obj ${kid.object} 0 R>>`;
  if (kid.stream !== 0) return `<</Type/MCR${own}/Stm ${kid.stream} 0 R/MCID ${kid.mcid}>>`;
  return own === '' ? String(kid.mcid) : `<</Type/MCR${own}/MCID ${kid.mcid}>>`;
}

/** Attributes that several elements have become an object of their own. */
class AttributeTexts {
  readonly #texts = new Map<Attributes, string>();

  constructor(document: PdfDocument, elements: readonly StructureElement[]) {
    const seen = new Set<Attributes>();
    const shared = new Set<Attributes>();
    for (const { attributes } of elements) {
      if (attributes === undefined) continue;
      if (seen.has(attributes)) shared.add(attributes);
      else seen.add(attributes);
    }
    for (const attributes of shared) {
      this.#texts.set(attributes, `${document.add(new PdfVerbatim(attributes.text)).number} 0 R`);
    }
  }

  of(attributes: Attributes): string {
    return this.#texts.get(attributes) ?? attributes.text;
  }
}

/** The keys of pages, form XObjects and annotations stay; what they lead to is told anew. */
function parentTree(document: PdfDocument, tree: StructureTree): { ref: PdfRef; nextKey: number } {
  const rows: [number, PdfObject][] = [];
  for (const [holder, contents] of tree.contents) {
    const key = structParents(document, holder);
    if (key === undefined) continue;
    let text = '[';
    for (let mcid = 0; mcid < contents.length; mcid += 1) {
      const content = contents[mcid];
      text += content === undefined || content.isReleased ? 'null ' : `${content.parent.number} 0 R `;
    }
    rows.push([key, document.add(new PdfVerbatim(`${text.trimEnd()}]`))]);
  }
  for (const element of tree.root.walk()) {
    for (const kid of element.kids) {
      if (!(kid instanceof ObjectReference)) continue;
      const key = document.numberAt(dictOf(document, kid.object), 'StructParent');
      if (key !== undefined) rows.push([key, new PdfRef(element.number)]);
    }
  }
  rows.sort(([a], [b]) => a - b);
  const nextKey = (rows.at(-1)?.[0] ?? -1) + 1;
  return { ref: document.add(treeOf(document, 'Nums', rows)), nextKey };
}

function structParents(document: PdfDocument, holder: number): number | undefined {
  return document.numberAt(dictOf(document, holder), 'StructParents');
}

function dictOf(document: PdfDocument, number: number): PdfDict | undefined {
  const object = document.get(number);
  if (object instanceof PdfStream) return object.dict;
  return object instanceof PdfDict ? object : undefined;
}

function idTree(document: PdfDocument, elements: readonly StructureElement[]): PdfRef | undefined {
  const rows: [PdfString, PdfObject][] = [];
  for (const { entries, number } of elements) {
    const id = entries?.get('ID');
    if (id instanceof PdfString) rows.push([id, new PdfRef(number)]);
  }
  if (rows.length === 0) return undefined;
  rows.sort(([a], [b]) => Buffer.compare(a.bytes, b.bytes));
  return document.add(treeOf(document, 'Names', rows));
}

/** A number or name tree of rows in their order (ISO 32000-2 §7.9.6, §7.9.7). */
function treeOf(
  document: PdfDocument,
  leaf: 'Nums' | 'Names',
  rows: readonly [PdfObject, PdfObject][],
): PdfDict {
  if (rows.length * 2 <= MOST_IN_ARRAY) return PdfDict.of({ [leaf]: rows.flat() });
  const kids: PdfObject[] = [];
  for (let at = 0; at < rows.length; at += MOST_IN_ARRAY / 2) {
    const part = rows.slice(at, at + MOST_IN_ARRAY / 2);
    const limits = [part[0]?.[0] ?? null, part.at(-1)?.[0] ?? null];
    kids.push(document.add(PdfDict.of({ Limits: limits, [leaf]: part.flat() })));
  }
  return PdfDict.of({ Kids: kids });
}

/** Deletes the nodes of an old tree, and arrays that it leads to. */
function forgetTree(document: PdfDocument, root: PdfObject | undefined): void {
  const open: (PdfObject | undefined)[] = [root];
  const seen = new Set<number>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const dict = document.resolve(node);
    if (node instanceof PdfRef) {
      if (seen.has(node.number) || !(dict instanceof PdfDict)) continue;
      seen.add(node.number);
      document.delete(node);
    }
    if (!(dict instanceof PdfDict)) continue;
    open.push(...(document.arrayAt(dict, 'Kids') ?? []));
    for (const value of document.arrayAt(dict, 'Nums') ?? []) {
      if (value instanceof PdfRef && isArray(document, value.number)) document.delete(value);
    }
  }
}

/** By its first byte: the arrays of a long document name a hundred thousand elements, which nobody needs to read. */
function isArray(document: PdfDocument, number: number): boolean {
  const { reader, changed } = document;
  const offset = changed.has(number) ? -1 : reader.offset(number);
  if (offset < 0) return Array.isArray(document.get(number));
  const head = Buffer.from(reader.source.read(offset, HEAD_BYTES)).toString('latin1');
  return /^\s*\d+\s+\d+\s+obj\s*\[/.test(head);
}

const HEAD_BYTES = 64;
