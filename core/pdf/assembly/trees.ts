/** Name trees, number trees and page trees of a file that is written from front to back (ISO 32000-2 §7.7.3, §7.9.6, §7.9.7). */
import { name, PdfDict, type PdfRef, type PdfObject, type PdfString } from '../revision/objects.ts';
import type { OutputFile } from './output-file.ts';

const MOST_KIDS = 64;

/** A tree whose entries come in ascending order; its leaves are written as they fill. */
export class SortedTree {
  readonly #out: OutputFile;
  readonly #kind: 'Names' | 'Nums';
  #entries: (readonly [PdfString | number, PdfObject])[] = [];
  readonly #leaves: Node[] = [];

  constructor(out: OutputFile, kind: 'Names' | 'Nums') {
    this.#out = out;
    this.#kind = kind;
  }

  add(key: PdfString | number, value: PdfObject): void {
    this.#entries.push([key, value]);
    if (this.#entries.length === MOST_KIDS) this.#leaf();
  }

  /** The root; undefined for a tree without entries. */
  finish(): PdfDict | undefined {
    this.#leaf();
    let nodes: readonly Node[] = this.#leaves;
    if (nodes.length === 0) return undefined;
    while (nodes.length > MOST_KIDS) nodes = chunks(nodes).map((kids) => this.#node(kids));
    return PdfDict.of({ Kids: nodes.map(({ ref }) => ref) });
  }

  #leaf(): void {
    const [first, last] = [this.#entries[0], this.#entries.at(-1)];
    if (first === undefined || last === undefined) return;
    const limits = [first[0], last[0]] as const;
    const dict = PdfDict.of({ Limits: [...limits], [this.#kind]: this.#entries.flat() });
    this.#leaves.push({ ref: this.#out.add(dict), limits });
    this.#entries = [];
  }

  #node(kids: readonly Node[]): Node {
    const limits = [kids[0]?.limits[0] ?? 0, kids.at(-1)?.limits[1] ?? 0] as const;
    const ref = this.#out.add(PdfDict.of({ Limits: [...limits], Kids: kids.map((kid) => kid.ref) }));
    return { ref, limits };
  }
}

interface Node {
  readonly ref: PdfRef;
  readonly limits: readonly [PdfString | number, PdfString | number];
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const all: Item[][] = [];
  for (let at = 0; at < items.length; at += MOST_KIDS) all.push(items.slice(at, at + MOST_KIDS));
  return all;
}

/** The pages of a file: 64 a leaf, 64 leaves a node, and as many nodes as it takes (PDF/A-1 allows 8,191). */
export class PageTree {
  readonly root: PdfRef;
  readonly #out: OutputFile;
  readonly #nodes: PageNode[] = [];
  #node: PageNode | undefined;
  #leaf: PageNode | undefined;
  #pages = 0;

  constructor(out: OutputFile) {
    this.#out = out;
    this.root = out.reserve();
  }

  /** Takes the next page in; gives the /Parent that it must name. */
  add(page: PdfRef): PdfRef {
    if (this.#leaf?.kids.length === MOST_KIDS) this.#closeLeaf();
    if (this.#node?.kids.length === MOST_KIDS) this.#closeNode();
    this.#node ??= { ref: this.#out.reserve(), kids: [], count: 0 };
    this.#leaf ??= { ref: this.#out.reserve(), kids: [], count: 0 };
    this.#leaf.kids.push(page);
    this.#leaf.count += 1;
    this.#pages += 1;
    return this.#leaf.ref;
  }

  get pages(): number {
    return this.#pages;
  }

  finish(): void {
    this.#closeLeaf();
    this.#closeNode();
    this.#write({ ref: this.root, kids: this.#nodes.map(({ ref }) => ref), count: this.#pages }, undefined);
  }

  #closeLeaf(): void {
    if (this.#leaf === undefined || this.#node === undefined) return;
    this.#write(this.#leaf, this.#node.ref);
    this.#node.kids.push(this.#leaf.ref);
    this.#node.count += this.#leaf.count;
    this.#leaf = undefined;
  }

  #closeNode(): void {
    if (this.#node === undefined) return;
    this.#write(this.#node, this.root);
    this.#nodes.push(this.#node);
    this.#node = undefined;
  }

  #write({ ref, kids, count }: PageNode, parent: PdfRef | undefined): void {
    this.#out.put(ref, PdfDict.of({ Type: name('Pages'), Parent: parent, Kids: kids, Count: count }));
  }
}

interface PageNode {
  readonly ref: PdfRef;
  readonly kids: PdfRef[];
  count: number;
}
