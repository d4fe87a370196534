/**
 * Turns the structure that Chromium prints into one that PDF/A level A and PDF/UA accept: artifacts marked, elements where they
 * may stand, links described, namespaces and destinations of PDF 2.0. What only the author can mend is reported, never made up.
 */
import { ContentEdits } from '../../content/content-edits.ts';
import { nearCoordinates } from '../../content/far-coordinates.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { name, PdfDict } from '../../revision/objects.ts';
import type { Findings } from '../findings.ts';
import type { TextCheck } from '../fonts/check-text.ts';
import { pdfaName, type Standards } from '../model.ts';
import { AccessibleNames } from './accessible-name.ts';
import { ArtifactPass } from './artifact-pass.ts';
import { reportFaults } from './author-faults.ts';
import { ObjectReference, StructureElement } from './element.ts';
import { emptyTree } from './empty-tree.ts';
import { settleHeading } from './headings.ts';
import { isHeading } from './kinds.ts';
import { groupKids } from './large-arrays.ts';
import { settleNumbering } from './lists.ts';
import { adoptStrayLinks, describeLinks } from './links.ts';
import { editPage, pageContent, readingContent } from '../../content/page-content.ts';
import { addNamespaces, roleMap } from './namespaces.ts';
import { readTree, type StructureTree } from './read-tree.ts';
import { settle } from './settle.ts';
import { outlineElements, relinkOutline, StructureDestinations } from './structure-destinations.ts';
import { numberElements, writeTree } from './write-tree.ts';

export interface RepairContext {
  readonly standards: Standards;
  readonly findings: Findings;
  /** Looks at the text of each page while its content is at hand. */
  readonly text: TextCheck;
}

/**
 * For standards that need structure; call it before metadata are written. The document is then best written anew, since hardly an
 * element stays as it was. Faults of the author, and of the text, go to `findings`. Throws PDF_DAMAGED.
 */
export function repairStructure(document: PdfDocument, { standards, findings, text }: RepairContext): void {
  const pages = [...document.pages()];
  const tree = readTree(document) ?? emptyTree(document, pages);
  if (tree === undefined) {
    readingContent(() => {
      text.all();
    });
    findings.violate({ ...treeRule(standards), message: 'It was printed without structure tags.' });
    return;
  }
  repairPages(document, pages, tree, { standards, text });
  settle(tree.root);
  const top = topElement(tree);
  // That of the catalog counts: here Chromium names the one of its own windows where the author names none.
  top.entries?.delete('Lang');
  const names = new AccessibleNames(document);
  const links = ownLinks(document, pages, tree, top);
  describeLinks(document, links, names);
  if (standards.pdfa?.part === 1) groupKids(tree.root.walk());
  const elements = [...tree.root.walk()].slice(1);
  for (const element of elements) {
    if (isHeading(element.type)) settleHeading(element, standards.ua === 2);
    if (element.type === 'L' && standards.ua === 2) settleNumbering(element, names);
  }
  const numbers = new Map(pages.map(({ ref }, index) => [ref.number, index + 1]));
  reportFaults(elements, { standards, names, pageNumber: (page) => numbers.get(page) }, findings);
  setCatalog(document);
  if (standards.ua === 2) writePdf2(document, tree, top, links, names);
  else writePdf1(document, tree, elements, standards);
}

function treeRule({ pdfa, ua }: Standards): { standard: string; rule: string } {
  if (ua !== undefined) return { standard: `pdf/ua-${ua}`, rule: ua === 1 ? '7.1-11' : '8.2.1-1' };
  return {
    standard: pdfa === undefined ? '' : pdfaName(pdfa),
    rule: pdfa?.part === 1 ? '6.8.3.3-1' : '6.7.3.3-1',
  };
}

/** Marks artifacts; in PDF/A-1 it also brings far coordinates near, while the content is at hand. */
function repairPages(
  document: PdfDocument,
  pages: readonly PdfPage[],
  tree: StructureTree,
  { standards: { pdfa }, text }: Pick<RepairContext, 'standards' | 'text'>,
): void {
  const artifacts = new ArtifactPass(document, tree);
  for (const [index, page] of pages.entries()) {
    const bytes = pageContent(document, page.dict);
    const edits = new ContentEdits();
    const resources = document.resolve(page.inherited('Resources'));
    const shown = text.begin(page);
    artifacts.mark(
      { number: page.ref.number, bytes, resources: resources instanceof PdfDict ? resources : undefined },
      edits,
      shown && ((scanner) => shown.take(scanner)),
    );
    readingContent(() => text.page(page, index + 1, shown?.isSound));
    if (pdfa?.part === 1)
      readingContent(() => {
        nearCoordinates(bytes, edits);
      });
    editPage(document, page, bytes, edits);
    // The order of links is that of the structure (ISO 14289-1 §7.18.3).
    if (page.dict.has('Annots') && page.dict.nameAt('Tabs') !== 'S')
      document.editDict(page.ref).set('Tabs', name('S'));
  }
}

/** One Document holds everything (ISO 14289-2 §8.2.5.2). */
function topElement({ root }: StructureTree): StructureElement {
  const [first] = root.elements;
  if (first?.type === 'Document' && root.kids.length === 1) return first;
  const top = new StructureElement('Document', root);
  top.adopt(root.kids);
  root.kids = [top];
  return top;
}

/** All Link elements, with those for annotations that had none. */
function ownLinks(
  document: PdfDocument,
  pages: readonly PdfPage[],
  tree: StructureTree,
  top: StructureElement,
): StructureElement[] {
  const links: StructureElement[] = [];
  const owned = new Set<number>();
  for (const element of tree.root.walk()) {
    if (element.type === 'Link') links.push(element);
    for (const kid of element.kids) if (kid instanceof ObjectReference) owned.add(kid.object);
  }
  let key = document.numberAt(document.dictAt(document.root, 'StructTreeRoot'), 'ParentTreeNextKey') ?? 0;
  const nextKey = (): number => {
    key += 1;
    return key - 1;
  };
  for (const page of pages) {
    if (page.dict.has('Annots')) links.push(...adoptStrayLinks(document, page, owned, top, nextKey));
  }
  return links;
}

function setCatalog(document: PdfDocument): void {
  const root = document.editDict(document.rootRef);
  root.set('MarkInfo', PdfDict.of({ Marked: true }));
  const preferences = new PdfDict(document.dictAt(root, 'ViewerPreferences'));
  root.set('ViewerPreferences', preferences.set('DisplayDocTitle', true));
}

function writePdf1(
  document: PdfDocument,
  tree: StructureTree,
  elements: readonly StructureElement[],
  { pdfa }: Standards,
): void {
  const outline = outlineElements(document, tree);
  numberElements(document, tree);
  const types = new Set(elements.map(({ type }) => type));
  writeTree(document, tree, elements, { rootEntries: { RoleMap: roleMap(types, pdfa?.part === 1) } });
  relinkOutline(document, outline);
}

function writePdf2(
  document: PdfDocument,
  tree: StructureTree,
  top: StructureElement,
  links: readonly StructureElement[],
  names: AccessibleNames,
): void {
  const destinations = new StructureDestinations(document, tree, names, top);
  const annotations = links.flatMap(({ kids }) => kids.filter((kid) => kid instanceof ObjectReference));
  const targets = new Map([
    ...destinations.outlineTargets(),
    ...destinations.linkTargets(annotations.map(({ object }) => object)),
  ]);
  const elements = numberElements(document, tree);
  const { refs, namespaceOf } = addNamespaces(document);
  writeTree(document, tree, elements, {
    namespaceOf,
    rootEntries: { Namespaces: [...refs], RoleMap: undefined },
  });
  destinations.write(targets);
  relinkOutline(document, targets);
}
