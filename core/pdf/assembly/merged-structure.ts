/**
 * The structure tree of a merged file (ISO 32000-2 §14.7): one Document that holds those of all files, one parent tree, one tree of
 * IDs, one role map.
 */
import type { PdfDocument } from '../revision/document.ts';
import { name, PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from '../revision/objects.ts';
import { textString } from '../revision/text-string.ts';
import { nameTreeEntries, numberTreeEntries } from '../revision/tree-entries.ts';
import { PDF_2_0 } from '../standards/structure/namespaces.ts';
import type { ObjectCopier } from './object-copier.ts';
import type { OutputFile } from './output-file.ts';
import { SortedTree } from './trees.ts';

/** Of the number of the file before its IDs: wide enough that they sort as numbers do. */
const ID_DIGITS = 7;
/** PDF/A-1 allows 8,191 elements in an array (ISO 19005-1 §6.1.12). */
const MOST_KIDS = 4_096;

/** What the elements of one file are called in the new one. */
export interface StructureNames {
  readonly keyOffset: number;
  elementId(old: PdfString): PdfString;
  role(old: string): string;
}

export class MergedStructure {
  readonly root: PdfRef;
  readonly #out: OutputFile;
  readonly #top: PdfRef;
  readonly #namespace: PdfRef | undefined;
  readonly #namespaces = new Set<number>();
  readonly #parents: SortedTree;
  readonly #ids: SortedTree;
  readonly #roles = new Map<string, string>();
  #kids: PdfRef[] = [];
  readonly #groups: PdfRef[] = [];
  #group: PdfRef | undefined;
  #nextKey = 0;
  #files = 0;

  readonly #isGrouped: boolean;

  /** `isPdf2`: elements are in namespaces (ISO 14289-2 §8.2.5.2). */
  constructor(out: OutputFile, { files, isPdf2 }: { readonly files: number; readonly isPdf2: boolean }) {
    this.#isGrouped = files > MOST_KIDS;
    this.#out = out;
    this.root = out.reserve();
    this.#top = out.reserve();
    this.#parents = new SortedTree(out, 'Nums');
    this.#ids = new SortedTree(out, 'Names');
    if (isPdf2) {
      this.#namespace = out.share(PdfDict.of({ Type: name('Namespace'), NS: textString(PDF_2_0) }));
      this.#namespaces.add(this.#namespace.number);
    }
  }

  /** Names for the next file. */
  names(document: PdfDocument): StructureNames {
    this.#files += 1;
    const prefix = `${String(this.#files).padStart(ID_DIGITS, '0')}.`;
    const renamed = this.#mergeRoles(document);
    return {
      keyOffset: this.#nextKey,
      elementId: ({ bytes }) => new PdfString(Buffer.concat([Buffer.from(prefix), bytes])),
      role: (old) => renamed.get(old) ?? old,
    };
  }

  /**
   * Takes in the tree of a file; gives its topmost element. `language`: of the file, where it is not that of the whole. Elements
   * are copied as the copier drains.
   */
  add(
    document: PdfDocument,
    copier: ObjectCopier,
    names: StructureNames,
    language: string | undefined,
  ): PdfRef | undefined {
    const rootRef = document.root.get('StructTreeRoot');
    const root = document.resolve(rootRef);
    if (!(rootRef instanceof PdfRef) || !(root instanceof PdfDict)) return undefined;
    for (const each of document.arrayAt(root, 'Namespaces') ?? []) {
      const copy = copier.shared(each);
      if (copy instanceof PdfRef) this.#namespaces.add(copy.number);
    }
    const parent = this.#parentOfNext();
    const element = this.#topElement(document, { copier, rootRef, root, language, parent });
    this.#kids.push(element);
    this.#addKeys(document, copier, root, names.keyOffset);
    this.#addIds(document, copier, root, names);
    return element;
  }

  finish(): void {
    this.#closeGroup();
    const nextKey = this.#nextKey;
    const kids = this.#isGrouped ? this.#groups : this.#kids;
    this.#out.put(this.#top, this.#element('Document', this.root, kids));
    this.#out.put(
      this.root,
      PdfDict.of({
        Type: name('StructTreeRoot'),
        K: this.#top,
        ParentTree: this.#out.add(this.#parents.finish() ?? PdfDict.of({ Nums: [] })),
        ParentTreeNextKey: nextKey,
        IDTree: this.#ids.finish(),
        RoleMap: this.#roleMap(),
        Namespaces:
          this.#namespaces.size === 0 ? undefined : [...this.#namespaces].map((number) => new PdfRef(number)),
      }),
    );
  }

  /** Files stand under the Document, or in parts of it when they are thousands. */
  #parentOfNext(): PdfRef {
    if (!this.#isGrouped) return this.#top;
    if (this.#kids.length === MOST_KIDS) this.#closeGroup();
    this.#group ??= this.#out.reserve();
    return this.#group;
  }

  #closeGroup(): void {
    if (this.#group === undefined) return;
    this.#out.put(this.#group, this.#element('Part', this.#top, this.#kids));
    this.#groups.push(this.#group);
    this.#group = undefined;
    this.#kids = [];
  }

  #element(type: string, parent: PdfRef, kids: readonly PdfRef[]): PdfDict {
    return PdfDict.of({
      Type: name('StructElem'),
      S: name(type),
      NS: this.#namespace,
      P: parent,
      K: [...kids],
    });
  }

  #topElement(
    document: PdfDocument,
    file: {
      readonly copier: ObjectCopier;
      readonly rootRef: PdfRef;
      readonly root: PdfDict;
      readonly language: string | undefined;
      readonly parent: PdfRef;
    },
  ): PdfRef {
    const { copier, rootRef, root, parent } = file;
    const lang = file.language === undefined ? undefined : textString(file.language);
    const k = document.resolve(root.get('K'));
    const kids = (Array.isArray(k) ? k : [root.get('K') ?? null]).filter((kid) => kid instanceof PdfRef);
    const [only] = kids;
    const top = document.resolve(only);
    const ref = this.#out.reserve();
    if (only !== undefined && kids.length === 1 && top instanceof PdfDict && top.nameAt('S') === 'Document') {
      copier.map(rootRef, parent);
      copier.map(only, ref);
      const copy = copier.value(top) as PdfDict;
      if (lang !== undefined && !copy.has('Lang')) copy.set('Lang', lang);
      this.#out.put(ref, copy);
      return ref;
    }
    copier.map(rootRef, ref);
    const copies = kids.flatMap((kid) => copier.ref(kid) ?? []);
    const dict = this.#element('Part', parent, copies);
    if (lang !== undefined) dict.set('Lang', lang);
    this.#out.put(ref, dict);
    return ref;
  }

  #addKeys(document: PdfDocument, copier: ObjectCopier, root: PdfDict, offset: number): void {
    let next = document.numberAt(root, 'ParentTreeNextKey') ?? 0;
    const entries = [...numberTreeEntries(document, root.get('ParentTree'))].sort(([a], [b]) => a - b);
    for (const [key, value] of entries) {
      next = Math.max(next, key + 1);
      this.#parents.add(offset + key, copier.value(value));
    }
    this.#nextKey = offset + next;
  }

  #addIds(document: PdfDocument, copier: ObjectCopier, root: PdfDict, names: StructureNames): void {
    const entries = [...nameTreeEntries(document, root.get('IDTree'))];
    for (const [id, element] of entries.sort(([a], [b]) => Buffer.compare(a.bytes, b.bytes))) {
      this.#ids.add(names.elementId(id), copier.value(element));
    }
  }

  /** Types that mean something else in this file than in those before get names of their own. */
  #mergeRoles(document: PdfDocument): ReadonlyMap<string, string> {
    const renamed = new Map<string, string>();
    const roles = document.dictAt(document.dictAt(document.root, 'StructTreeRoot'), 'RoleMap');
    for (const [type, value] of roles ?? []) {
      const role: PdfObject = document.resolve(value);
      if (!(role instanceof PdfName)) continue;
      let own = type;
      for (let number = 2; (this.#roles.get(own) ?? role.name) !== role.name; number += 1) {
        own = `${type}-${number}`;
      }
      this.#roles.set(own, role.name);
      if (own !== type) renamed.set(type, own);
    }
    return renamed;
  }

  #roleMap(): PdfDict | undefined {
    if (this.#roles.size === 0) return undefined;
    return new PdfDict([...this.#roles].map(([type, role]) => [type, name(role)]));
  }
}
