/** Marks the artifacts of all pages and of the form XObjects that they show, and releases what the structure must not own. */
import {
  markArtifacts,
  removeMarks,
  type MarkedContentOwner,
  type PaintedObject,
} from '../../content/artifacts.ts';
import { ContentEdits } from '../../content/content-edits.ts';
import type { ContentScanner } from '../../content/content-scanner.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfRef, PdfStream } from '../../revision/objects.ts';
import type { MarkedContent, StructureElement } from './element.ts';
import { editForm, flateStream, readingContent } from '../../content/page-content.ts';
import type { StructureTree } from './read-tree.ts';

/** A page, or a form XObject. */
export interface ContentHolder {
  /** Of its object. */
  readonly number: number;
  /** Its content, decoded. */
  readonly bytes: Uint8Array;
  readonly resources: PdfDict | undefined;
}

export class ArtifactPass {
  readonly #document: PdfDocument;
  readonly #tree: StructureTree;
  /** Form XObjects by object number: whether they, or forms in them, have marked content. */
  readonly #marked = new Map<number, boolean>();

  /** Marked forms that were shown. */
  readonly #shown = new Set<number>();
  readonly #copies = new Map<number, PdfRef>();

  constructor(document: PdfDocument, tree: StructureTree) {
    this.#document = document;
    this.#tree = tree;
  }

  /** Adds the edits of one content stream; `watch` is told of its operations. Throws PDF_DAMAGED. */
  mark(
    { number: holder, bytes, resources }: ContentHolder,
    edits: ContentEdits,
    watch?: (operation: ContentScanner) => void,
  ): void {
    const contents = this.#tree.contents.get(holder) ?? [];
    const owner: MarkedContentOwner = {
      roleOf: (mcid) => roleOf(contents[mcid]),
      xobjectOf: (name) => this.#painted(holder, resources, name),
    };
    const { released } = readingContent(() => markArtifacts(bytes, owner, edits, watch));
    for (const mcid of released) {
      const content = contents[mcid];
      if (content !== undefined) content.isReleased = true;
    }
  }

  #painted(holder: number, resources: PdfDict | undefined, name: string): PaintedObject {
    const kind = this.#kindOf(resources, name);
    const ref = this.#document.dictAt(resources, 'XObject')?.get(name);
    if (kind !== 'marked-form' || !(ref instanceof PdfRef)) return kind;
    if (!this.#shown.has(ref.number)) {
      this.#shown.add(ref.number);
      return kind;
    }
    const as = `${name}Again`;
    this.#editXObjects(holder).set(as, this.#unmarked(ref));
    return { as };
  }

  /** Resources of its own for a page or form, so that no other one sees the name. */
  #editXObjects(holder: number): PdfDict {
    const ref = new PdfRef(holder);
    const object = this.#document.edit(ref);
    const dict = object instanceof PdfStream ? object.dict : this.#document.editDict(ref);
    const resources = new PdfDict(this.#document.dictAt(dict, 'Resources'));
    const xobjects = new PdfDict(this.#document.dictAt(resources, 'XObject'));
    dict.set('Resources', resources.set('XObject', xobjects));
    return xobjects;
  }

  /** A copy of a form, and of the forms in it, without marks. */
  #unmarked(ref: PdfRef): PdfRef {
    const known = this.#copies.get(ref.number);
    if (known !== undefined) return known;
    const form = this.#document.resolve(ref);
    if (!(form instanceof PdfStream) || form.dict.nameAt('Subtype') !== 'Form') return ref;
    const copy = this.#document.add(null);
    this.#copies.set(ref.number, copy);
    const dict = new PdfDict(form.dict);
    dict.delete('StructParents');
    const resources = new PdfDict(this.#document.dictAt(dict, 'Resources'));
    const xobjects = this.#document.dictAt(resources, 'XObject');
    if (xobjects !== undefined) {
      const inner = [...xobjects].map(
        ([name, object]) => [name, object instanceof PdfRef ? this.#unmarked(object) : object] as const,
      );
      resources.set('XObject', new PdfDict(inner));
    }
    dict.set('Resources', resources);
    const bytes = readingContent(() => removeMarks(this.#document.decodedBytes(form)));
    this.#document.set(copy, flateStream(dict, bytes));
    return copy;
  }

  #kindOf(resources: PdfDict | undefined, name: string): 'image' | 'form' | 'marked-form' {
    const ref = this.#document.dictAt(resources, 'XObject')?.get(name);
    const stream = this.#document.resolve(ref);
    if (!(stream instanceof PdfStream) || stream.dict.nameAt('Subtype') !== 'Form') return 'image';
    if (!(ref instanceof PdfRef)) return 'form';
    return this.#isMarked(ref, stream) ? 'marked-form' : 'form';
  }

  /** Looks into a form, and marks the artifacts in it when it has content of the structure. */
  #isMarked(ref: PdfRef, stream: PdfStream): boolean {
    const known = this.#marked.get(ref.number);
    if (known !== undefined) return known;
    // A form that shows itself ends here.
    this.#marked.set(ref.number, false);
    const resources = this.#document.dictAt(stream.dict, 'Resources');
    const inner = [...(this.#document.dictAt(resources, 'XObject')?.keys() ?? [])];
    const hasMarkedForm = inner.some((name) => this.#kindOf(resources, name) === 'marked-form');
    const isMarked = hasMarkedForm || this.#tree.contents.has(ref.number);
    this.#marked.set(ref.number, isMarked);
    if (isMarked) {
      const bytes = this.#document.decodedBytes(stream);
      const edits = new ContentEdits();
      this.mark({ number: ref.number, bytes, resources }, edits);
      editForm(this.#document, ref, stream, bytes, edits);
    }
    return isMarked;
  }
}

function roleOf(content: MarkedContent | undefined): 'real' | 'box' | 'none' {
  if (content === undefined) return 'none';
  for (let element: StructureElement | undefined = content.parent; element; element = element.parent) {
    if (DRAWN.has(element.type)) return 'real';
  }
  return 'box';
}

/** What is drawn with lines and areas: pictures, markers, controls, fractions. */
const DRAWN = new Set(['Figure', 'Lbl', 'Form', 'Formula']);
