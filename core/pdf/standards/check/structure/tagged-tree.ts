/** The structure tree as one level of a standard sees it: elements with their standard types. */
import type { PdfDict } from '../../../revision/objects.ts';
import { BudgetExceeded } from '../budget.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { ElementTree, StructureNode } from './element-tree.ts';
import { RoleMap, uriOf, type Role } from './role-map.ts';
import {
  GROUPING,
  INLINE,
  isPassThrough,
  NAMESPACE,
  PERHAPS_GROUPING,
  type Dialect,
} from './standard-types.ts';

/** Stands for every type in the namespace of MathML. */
export const MATH_ML = 'MathML';

const MOST_PARENTS = 10_000;
const MOST_DEPTH = 1_000;
const MOST_KEPT = 10_000_000;

export class TaggedTree {
  readonly root: StructureNode;
  readonly nodes: readonly StructureNode[];
  readonly #file: CheckedFile;
  readonly #roles: RoleMap;
  readonly #knowsMath: boolean;
  #kept = 0;
  readonly #types = new Map<PdfDict, string | null>();
  readonly #significant = new Map<StructureNode, readonly StructureNode[]>();

  constructor(file: CheckedFile, tree: ElementTree, options: { dialect: Dialect; knowsMath: boolean }) {
    this.#file = file;
    this.root = tree.root;
    this.nodes = tree.nodes;
    this.#roles = new RoleMap(file, tree.root.dict, options.dialect);
    this.#knowsMath = options.knowsMath;
  }

  role(element: PdfDict): Role | undefined {
    return this.#roles.roleOf(element);
  }

  /** Type as the file states it, for messages. */
  stated(element: PdfDict): string {
    return (this.#roles.typeOf(element)?.name ?? '').slice(0, 40);
  }

  /** Standard type of an element. */
  type(element: PdfDict): string | undefined {
    let type = this.#types.get(element);
    if (type === undefined) {
      const standard = this.role(element)?.standard;
      const isMath = this.#knowsMath && standard !== undefined && uriOf(standard) === NAMESPACE.mathMl;
      type = isMath ? MATH_ML : (standard?.name ?? null);
      this.#types.set(element, type);
    }
    return type ?? undefined;
  }

  *ofType(...types: readonly string[]): Generator<StructureNode> {
    for (const node of this.nodes) {
      const type = this.type(node.dict);
      if (type !== undefined && types.includes(type)) yield node;
    }
  }

  /** The elements within it; those within an element that only groups count in its place. */
  kids(node: StructureNode, depth = 0): readonly StructureNode[] {
    const known = this.#significant.get(node);
    if (known !== undefined) return known;
    const isGroup = ({ dict }: StructureNode): boolean => isPassThrough(this.type(dict));
    const kids = node.kids.some(isGroup)
      ? node.kids.flatMap((kid) => {
          if (!isGroup(kid)) return kid;
          return kid.owner === node && depth < MOST_DEPTH ? this.kids(kid, depth + 1) : [];
        })
      : node.kids;
    this.#significant.set(node, kids);
    if (kids !== node.kids) this.#keep(kids.length);
    return kids;
  }

  /** Groups in groups hold the same elements again and again. Throws BudgetExceeded. */
  #keep(elements: number): void {
    this.#file.budget.step(elements);
    this.#kept += elements;
    if (this.#kept > MOST_KEPT)
      throw new BudgetExceeded('The structure has more groups than can be checked.');
  }

  /** Standard types of `kids`, without those that have none. */
  kidTypes(node: StructureNode): readonly string[] {
    return this.kids(node).flatMap(({ dict }) => this.type(dict) ?? []);
  }

  /** Marked content or an object stands in it without an element between. */
  hasContent(node: StructureNode, depth = 0): boolean {
    this.#file.budget.step(node.kids.length);
    if (node.items.length > 0) return true;
    return (
      depth < MOST_DEPTH &&
      node.kids.some(
        (kid) => kid.owner === node && isPassThrough(this.type(kid.dict)) && this.hasContent(kid, depth + 1),
      )
    );
  }

  /** Standard type of the element around, beyond those that only group; `StructTreeRoot` for the root. */
  parentType({ dict }: StructureNode): string | undefined {
    let parent = this.#file.dict(dict.get('P'));
    for (let steps = 0; parent !== undefined && steps < MOST_PARENTS; steps += 1) {
      this.#file.budget.step();
      const type = this.type(parent);
      if (!isPassThrough(type)) {
        return this.#file.name(parent.get('Type')) === 'StructTreeRoot' ? 'StructTreeRoot' : type;
      }
      parent = this.#file.dict(parent.get('P'));
    }
    return undefined;
  }

  /** It holds other blocks rather than text. */
  isGrouping(node: StructureNode): boolean {
    const type = this.type(node.dict) ?? '';
    if (GROUPING.has(type)) return true;
    return (
      PERHAPS_GROUPING.has(type) &&
      !this.hasContent(node) &&
      !this.kidTypes(node).some((kid) => INLINE.has(kid))
    );
  }
}
