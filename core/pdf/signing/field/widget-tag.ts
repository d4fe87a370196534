/** A visible signature in the structure tree (ISO 14289-1 §7.18.4; ISO 32000-2 §14.7.5.3). */
import type { PdfDocument } from '../../revision/document.ts';
import { Lexer } from '../../revision/lexer.ts';
import { name, PdfDict, PdfRef, PdfVerbatim, type PdfObject } from '../../revision/objects.ts';
import { parseObject } from '../../revision/parser.ts';
import { textString } from '../../revision/text-string.ts';

/**
 * Adds a Form element for the widget at the end of the document's structure and ties both together. Nothing happens in a document
 * without a structure tree. `description`: what the widget is for people who do not see it.
 */
export function tagWidget(
  document: PdfDocument,
  { widget, page, description }: { widget: PdfRef; page: PdfRef; description: string },
): void {
  const root = document.root.get('StructTreeRoot');
  if (!(root instanceof PdfRef) || !(document.get(root.number) instanceof PdfDict)) return;
  const tree = document.editDict(root);
  const parent = topElement(document, root);
  const element = document.add(
    PdfDict.of({
      Type: name('StructElem'),
      S: name('Form'),
      NS: namespaceOf(document, parent),
      P: parent,
      Pg: page,
      Alt: textString(description),
      K: PdfDict.of({ Type: name('OBJR'), Obj: widget, Pg: page }),
    }),
  );
  const holder = document.editDict(parent);
  holder.set('K', [...listOf(document.resolve(holder.get('K')), holder.get('K')), element]);
  document.editDict(widget).set('StructParent', nextKey(document, tree));
  addToParentTree(document, tree, element);
  document.editDict(page).set('Tabs', name('S'));
}

/** The Document element, or whatever is the only one at the top; else the root itself. */
function topElement(document: PdfDocument, root: PdfRef): PdfRef {
  const tree = document.editDict(root);
  readVerbatim(document, tree.get('K'));
  const kids = listOf(document.resolve(tree.get('K')), tree.get('K'));
  const [first] = kids;
  readVerbatim(document, first);
  return kids.length === 1 && first instanceof PdfRef && document.get(first.number) instanceof PdfDict
    ? first
    : root;
}

/** The structure was perhaps written anew before, and stands there as it will be in the file. */
function readVerbatim(document: PdfDocument, object: PdfObject | undefined): void {
  const value = object instanceof PdfRef ? document.get(object.number) : null;
  if (!(object instanceof PdfRef) || !(value instanceof PdfVerbatim)) return;
  document.set(object, parseObject(new Lexer(Buffer.from(value.text, 'latin1'))));
}

/** UA-2 wants every element in a namespace; a sibling's is right for Form (ISO 14289-2 §8.2.5.2). */
function namespaceOf(document: PdfDocument, parent: PdfRef): PdfObject | undefined {
  const dict = document.get(parent.number);
  return dict instanceof PdfDict ? dict.get('NS') : undefined;
}

/** What /K holds as a list: an array, one kid, or nothing. */
function listOf(resolved: PdfObject, own: PdfObject | undefined): PdfObject[] {
  if (Array.isArray(resolved)) return resolved;
  return resolved === null || own === undefined ? [] : [own];
}

function nextKey(document: PdfDocument, tree: PdfDict): number {
  return document.numberAt(tree, 'ParentTreeNextKey') ?? highestKey(document, tree.get('ParentTree'), 0) + 1;
}

const DEEPEST = 20;

/** Of a number tree (ISO 32000-2 §7.9.7); -1 when it is empty. */
function highestKey(document: PdfDocument, object: PdfObject | undefined, depth: number): number {
  const node = document.resolve(object);
  if (!(node instanceof PdfDict) || depth > DEEPEST) return -1;
  const numbers = document.arrayAt(node, 'Nums') ?? [];
  const kids = document.arrayAt(node, 'Kids') ?? [];
  const own = numbers.filter((value, index) => index % 2 === 0 && typeof value === 'number') as number[];
  const below = kids.map((kid) => highestKey(document, kid, depth + 1));
  return [...own, ...below].reduce((most, key) => Math.max(most, key), -1);
}

function addToParentTree(document: PdfDocument, tree: PdfDict, element: PdfRef): void {
  const key = nextKey(document, tree);
  const pair: PdfObject[] = [key, element];
  const held = tree.get('ParentTree');
  readVerbatim(document, held);
  const existing = document.resolve(held);
  if (!(existing instanceof PdfDict)) tree.set('ParentTree', document.add(PdfDict.of({ Nums: pair })));
  else {
    const node = held instanceof PdfRef ? document.editDict(held) : existing;
    const kids = document.arrayAt(node, 'Kids');
    if (kids === undefined) node.set('Nums', [...(document.arrayAt(node, 'Nums') ?? []), ...pair]);
    else node.set('Kids', [...kids, document.add(PdfDict.of({ Limits: [key, key], Nums: pair }))]);
  }
  tree.set('ParentTreeNextKey', key + 1);
}
