/** From the structure types of a file to standard ones (ISO 32000-1 §14.8.4.2, ISO 32000-2 §14.8.6). */
import type { PdfDict, PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { isStandardIn, isStandardInNamespace, NAMESPACE, type Dialect } from './standard-types.ts';

interface Namespace {
  /** To tell namespaces apart. */
  readonly dict: PdfDict;
  readonly uri: string | undefined;
  readonly roles: PdfDict | undefined;
}

export interface StructureType {
  readonly name: string;
  readonly space?: Namespace | undefined;
}

/** What is to be said about one structure type. */
export interface Role {
  /** Undefined when no standard type is reached. */
  readonly standard: StructureType | undefined;
  readonly isCircular: boolean;
  /** A standard type that the file maps to something else. */
  readonly remapped: string | undefined;
  /** The type maps to another one in its own namespace. */
  readonly mapsWithinNamespace: boolean;
}

const MOST_STEPS = 1_000;

export const uriOf = ({ space }: StructureType): string | undefined =>
  space === undefined ? NAMESPACE.pdf : space.uri;

export class RoleMap {
  readonly #file: CheckedFile;
  readonly #dialect: Dialect;
  readonly #map: PdfDict | undefined;
  readonly #namespaces = new Map<PdfDict, Namespace>();
  readonly #roles = new Map<Namespace | undefined, Map<string, Role>>();

  constructor(file: CheckedFile, root: PdfDict | undefined, dialect: Dialect) {
    this.#file = file;
    this.#dialect = dialect;
    this.#map = file.dict(root?.get('RoleMap'));
  }

  /** The type that an element states. */
  typeOf(element: PdfDict): StructureType | undefined {
    return this.#type(element.get('S'), element.get('NS'));
  }

  /** The role of an element; undefined without a type. */
  roleOf(element: PdfDict): Role | undefined {
    const type = this.typeOf(element);
    if (type === undefined) return undefined;
    let known = this.#roles.get(type.space);
    if (known === undefined) {
      known = new Map();
      this.#roles.set(type.space, known);
    }
    let role = known.get(type.name);
    if (role === undefined) {
      role = this.#judge(type);
      known.set(type.name, role);
    }
    return role;
  }

  #type(name: PdfObject | undefined, space: PdfObject | undefined): StructureType | undefined {
    const value = this.#file.name(name);
    if (value === undefined) return undefined;
    const dict = this.#dialect === 'pdf2' ? this.#file.dict(space) : undefined;
    return { name: value, space: dict && this.#namespace(dict) };
  }

  #namespace(dict: PdfDict): Namespace {
    let space = this.#namespaces.get(dict);
    if (space === undefined) {
      space = { dict, uri: this.#file.text(dict.get('NS')), roles: this.#file.dict(dict.get('RoleMapNS')) };
      this.#namespaces.set(dict, space);
    }
    return space;
  }

  #judge(type: StructureType): Role {
    const standard = this.#standard(type);
    return {
      standard,
      isCircular: this.#isCircular(type) || (this.#dialect === 'pdf2' && this.#within(type) === 'same'),
      remapped: this.#remapped(type, standard),
      mapsWithinNamespace: this.#dialect === 'pdf2' && this.#within(type) === 'other',
    };
  }

  #isStandard({ name, space }: StructureType): boolean {
    return this.#dialect === 'pdf2'
      ? isStandardInNamespace(space?.uri, name)
      : isStandardIn(this.#dialect, name);
  }

  /** One step; `useMap`: also by /RoleMap of the root. */
  #next({ name, space }: StructureType, useMap: boolean): StructureType | undefined {
    if (space !== undefined) {
      if (space.roles !== undefined) return this.#mapped(space.roles.get(name));
      if (space.uri !== NAMESPACE.pdf) return undefined;
    }
    return useMap ? this.#mapped(this.#map?.get(name)) : undefined;
  }

  /** A name, or a name with its namespace. */
  #mapped(value: PdfObject | undefined): StructureType | undefined {
    const pair = this.#dialect === 'pdf2' ? this.#file.array(value) : undefined;
    return pair === undefined ? this.#type(value, undefined) : this.#type(pair[0], pair[1]);
  }

  #standard(type: StructureType): StructureType | undefined {
    const seen = new SeenTypes(type);
    let current = this.#next(type, true);
    const stays = current === undefined || isSame(current, type);
    if (this.#isStandard(type) && (stays || this.#dialect === 'pdf14')) return type;
    for (let steps = 0; current !== undefined && steps < MOST_STEPS; steps += 1) {
      const here = current;
      if (!seen.add(here)) return undefined;
      if (this.#isStandard(here)) return here;
      current = this.#next(here, true);
    }
    return undefined;
  }

  /** By /RoleMap of the root alone. */
  #isCircular({ name }: StructureType): boolean {
    const seen = new Set([name]);
    let current = this.#file.name(this.#map?.get(name));
    while (current !== undefined && seen.size < MOST_STEPS) {
      if (seen.has(current)) return true;
      seen.add(current);
      current = this.#file.name(this.#map?.get(current));
    }
    return false;
  }

  /** By the namespaces alone: does the chain come back to a namespace, and there to the same type or to another? */
  #within(type: StructureType): 'same' | 'other' | undefined {
    const passed = new Map<string, string>();
    const seen = new SeenTypes(type);
    let previous = type;
    let current = this.#next(type, false);
    for (let steps = 0; current !== undefined && steps < MOST_STEPS; steps += 1) {
      const here = current;
      const from = uriOf(previous);
      if (from !== undefined) passed.set(from, previous.name);
      const to = uriOf(here);
      const before = to === undefined ? undefined : passed.get(to);
      if (before !== undefined) return before === here.name ? 'same' : 'other';
      if (!seen.add(here)) return undefined;
      previous = here;
      current = this.#next(here, false);
    }
    return undefined;
  }

  #remapped(type: StructureType, standard: StructureType | undefined): string | undefined {
    if (this.#isStandard(type)) {
      return standard !== undefined && standard.name === type.name && uriOf(standard) === uriOf(type)
        ? undefined
        : type.name;
    }
    if (standard === undefined) return undefined;
    const further = this.#standard(standard);
    return further !== undefined && further.name === standard.name && uriOf(further) === uriOf(standard)
      ? undefined
      : standard.name;
  }
}

/** Types that a chain has passed. */
class SeenTypes {
  readonly #names = new Map<PdfDict | undefined, Set<string>>();

  constructor(first: StructureType) {
    this.add(first);
  }

  /** False when it was passed before. */
  add({ name, space }: StructureType): boolean {
    const names = this.#names.get(space?.dict) ?? new Set();
    this.#names.set(space?.dict, names);
    return names.size < names.add(name).size;
  }
}

const isSame = (one: StructureType, other: StructureType): boolean =>
  one.name === other.name && one.space?.dict === other.space?.dict;
