/**
 * Cuts a print of many documents into one file each, of the same make as if each had been printed by itself: its pages, what they
 * refer to, its part of the structure, its title. What the documents share (fonts, images) goes into every file.
 */
import { PdfDict, PdfRef, PdfString, type PdfObject } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';
import { textString } from '../../revision/text-string.ts';
import { numberTreeEntries } from '../../revision/tree-entries.ts';
import { boxOf } from '../page-stamp.ts';
import { inkOf, ShownText } from './shown-text.ts';
import { FOREIGN, PartWriter } from './part-writer.ts';
import { PrintedFile } from './printed-file.ts';
import type { CutDocument, SplitDocument, SplitResult, SplitTask } from './split-task.ts';

/** Undefined for a print whose parts cannot be told apart. Throws PDF_DAMAGED for a file of another make. */
export function splitPdf({ pdf, documents }: SplitTask): SplitResult {
  const file = new PrintedFile(pdf);
  const pages = pagesOf(file);
  const ends = endsOf(file);
  const starts = startsOf(file, pages, documents);
  if (starts === undefined) return undefined;
  const tags = tagsOf(file, documents.length);
  if (tags === 'unclear') return undefined;
  const shown = new ShownText(file.document);
  const cuts: CutDocument[] = [];
  for (const [index, document] of documents.entries()) {
    const next = starts[index + 1] ?? pages.length;
    const own = pages.slice(starts[index], next);
    const part = cut(file, { pages: own, document, tags, index });
    if (part === undefined) return undefined;
    cuts.push({
      pdf: part,
      pages: own.length,
      end: ends[next - 1] ?? 0,
      difference: inkOf(shown, own, document.text),
    });
  }
  return cuts;
}

const pagesOf = ({ document }: PrintedFile): number[] => [...document.pages()].map(({ ref }) => ref.number);

/** Where each page ends, in points from the top of the first. */
function endsOf({ document }: PrintedFile): number[] {
  let end = 0;
  return [...document.pages()].map((page) => {
    const box = boxOf(page.inherited('MediaBox'), (each) => document.resolve(each));
    end += box.top - box.bottom;
    return end;
  });
}

/** The index of the first page of each document; undefined unless they follow each other. */
function startsOf(
  { document }: PrintedFile,
  pages: readonly number[],
  documents: readonly SplitDocument[],
): number[] | undefined {
  const places = document.dictAt(document.root, 'Dests');
  const starts = documents.map(({ name }) => {
    const [page] = document.arrayAt(places, name) ?? [];
    return page instanceof PdfRef ? pages.indexOf(page.number) : -1;
  });
  const isInOrder = starts.every((start, index) => start > (starts[index - 1] ?? -1));
  return starts[0] === 0 && isInOrder ? starts : undefined;
}

interface Tags {
  readonly root: number;
  readonly top: number;
  /** The elements of the bodies. */
  readonly bodies: readonly number[];
  /** By the keys of the pages and annotations. */
  readonly parents: ReadonlyMap<number, PdfObject>;
}

function tagsOf({ document }: PrintedFile, count: number): Tags | 'unclear' | undefined {
  const rootRef = document.root.get('StructTreeRoot');
  if (!(rootRef instanceof PdfRef)) return undefined;
  const root = document.dictAt(document.root, 'StructTreeRoot');
  const top = root?.get('K');
  const kids = document.arrayAt(document.dictAt(root, 'K'), 'K') ?? [];
  const bodies = kids.flatMap((kid) => (kid instanceof PdfRef ? [kid.number] : []));
  if (!(top instanceof PdfRef) || bodies.length !== count || kids.length !== count) return 'unclear';
  const isBody = bodies.every((number) => {
    const body = document.get(number);
    return body instanceof PdfDict && [...body.keys()].every((key) => KEYS_OF_BODY.has(key));
  });
  if (!isBody) return 'unclear';
  const parents = new Map(numberTreeEntries(document, root?.get('ParentTree')));
  return { root: rootRef.number, top: top.number, bodies, parents };
}

/** A box that nothing is said about: its kids are those of the document. */
const KEYS_OF_BODY = new Set(['Type', 'S', 'P', 'Pg', 'K']);

interface Part {
  readonly pages: readonly number[];
  readonly document: SplitDocument;
  readonly tags: Tags | undefined;
  readonly index: number;
}

function cut(file: PrintedFile, { pages, document, tags, index }: Part): Uint8Array | undefined {
  const { document: print } = file;
  const writer = new PartWriter(file);
  const [info, catalog, tree] = [writer.reserve(), writer.reserve(), writer.reserve()];
  const keys: number[] = [];
  const nextKey = (old: string): string => String(keys.push(Number(old)) - 1);
  for (const each of pages) {
    const parent = (print.get(each) as PdfDict).get('Parent');
    if (parent instanceof PdfRef) writer.map(parent.number, tree);
  }
  // Before anything else, so that elements that refer to pages of others are noticed.
  for (const page of pagesOf(file)) if (!pages.includes(page)) writer.map(page, FOREIGN);
  const kids = pages.map((page) => {
    writer.change(page, (text) => rekeyed(text, nextKey));
    for (const annotation of print.arrayAt(print.get(page) as PdfDict, 'Annots') ?? []) {
      if (annotation instanceof PdfRef) writer.change(annotation.number, (text) => rekeyed(text, nextKey));
    }
    return writer.ref(page) ?? 0;
  });
  writer.put(info, infoText(file, document.title));
  writer.drain();
  const entries = new PdfDict(print.root);
  for (const key of ['Dests', 'StructTreeRoot', 'Outlines']) entries.delete(key);
  entries.set('Pages', new PdfRef(tree));
  if (tags !== undefined) {
    const root = writeTags(file, writer, { tags, index, keys });
    if (root === undefined) return undefined;
    entries.set('StructTreeRoot', new PdfRef(root));
  }
  writer.put(
    tree,
    `<</Type /Pages\n/Count ${pages.length}\n/Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`,
  );
  writer.put(catalog, serialize(entries));
  if (writer.sawForeign) return undefined;
  return writer.finish(PdfDict.of({ Root: new PdfRef(catalog), Info: new PdfRef(info) }));
}

const rekeyed = (text: string, next: (old: string) => string): string =>
  text.replace(/\/(StructParents?) (\d+)/g, (_, key: string, old: string) => `/${key} ${next(old)}`);

function infoText({ document }: PrintedFile, title: string): string {
  const info = new PdfDict(document.dictAt(document.trailer, 'Info'));
  if (title !== '') info.set('Title', textString(title));
  return serialize(info);
}

/** The number of the tree; undefined when an element of the document shows content of another one. */
function writeTags(
  file: PrintedFile,
  writer: PartWriter,
  { tags, index, keys }: { readonly tags: Tags; readonly index: number; readonly keys: readonly number[] },
): number | undefined {
  const { document } = file;
  const [root, top] = [writer.reserve(), writer.reserve()];
  const body = tags.bodies[index] ?? 0;
  for (const other of tags.bodies) writer.map(other, other === body ? top : FOREIGN);
  writer.map(tags.root, root);
  const old = new PdfDict(document.get(tags.top) as PdfDict);
  const own = document.get(body) as PdfDict;
  writer.map(tags.top, top);
  old.set('P', new PdfRef(tags.root));
  for (const key of ['Pg', 'K']) {
    const value = own.get(key);
    if (value !== undefined) old.set(key, value);
  }
  writer.put(top, writer.renumber(serialize(old)));
  const ids = new Map<string, number>();
  const parents: string[] = [];
  for (const [key, number] of keys.entries()) {
    const value = tags.parents.get(number);
    parents.push(`${key} ${writer.renumber(serialize(resolved(file, value)))}`);
  }
  writer.drain();
  collectIds(file, writer, ids);
  const parentTree = writer.reserve();
  writer.put(parentTree, `<</Type /ParentTree\n/Nums [${parents.join(' ')}]>>`);
  const entries = [`/K ${top} 0 R`, `/ParentTreeNextKey ${keys.length}`, `/ParentTree ${parentTree} 0 R`];
  if (ids.size > 0) {
    const names = [...ids]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, number]) => `(${id}) ${number} 0 R`);
    entries.push(`/IDTree <</Names [${names.join(' ')}]>>`);
  }
  writer.put(root, `<</Type /StructTreeRoot\n${entries.join('\n')}>>`);
  return root;
}

function resolved({ document }: PrintedFile, value: PdfObject | undefined): PdfObject {
  const held = document.resolve(value);
  return Array.isArray(held) ? held : (value ?? null);
}

/** Of the elements that are part of the file by now. */
function collectIds(file: PrintedFile, writer: PartWriter, ids: Map<string, number>): void {
  for (const [id, element] of idsOf(file)) {
    const number = writer.known(element);
    if (number !== undefined && number !== FOREIGN) ids.set(id, number);
  }
}

const idLists = new WeakMap<PrintedFile, readonly (readonly [string, number])[]>();

function idsOf(file: PrintedFile): readonly (readonly [string, number])[] {
  const known = idLists.get(file);
  if (known !== undefined) return known;
  const { document } = file;
  const list: (readonly [string, number])[] = [];
  const open: PdfObject[] = [document.dictAt(document.root, 'StructTreeRoot')?.get('IDTree') ?? null];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const dict = document.resolve(node);
    if (!(dict instanceof PdfDict)) continue;
    const names = document.arrayAt(dict, 'Names') ?? [];
    for (let at = 0; at + 1 < names.length; at += 2) {
      const [id, element] = [names[at], names[at + 1]];
      if (id instanceof PdfString && element instanceof PdfRef) {
        list.push([Buffer.from(id.bytes).toString('latin1'), element.number]);
      }
    }
    open.push(...(document.arrayAt(dict, 'Kids') ?? []));
  }
  idLists.set(file, list);
  return list;
}
