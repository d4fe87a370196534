/** Attributes of structure elements (ISO 32000-2 §14.7.6). Equal ones are one object in memory and in the file. */
import { name, numberOf, PdfDict, type PdfObject } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';

export class Attributes {
  /** One dictionary an owner. */
  readonly dicts: readonly PdfDict[];
  #text: string | undefined;

  constructor(dicts: readonly PdfDict[]) {
    this.dicts = dicts;
  }

  /** From the value of /A. Entries that say what is said without them are left out. */
  static from(value: PdfObject, resolve: (object: PdfObject) => PdfObject): Attributes | undefined {
    const list = resolve(value);
    const byOwner = new Map<string, PdfDict>();
    for (const item of Array.isArray(list) ? list : [list]) {
      const dict = resolve(item);
      // Numbers between them count revisions, which nothing reads.
      if (!(dict instanceof PdfDict)) continue;
      const owner = serialize([dict.get('O') ?? null, dict.get('NS') ?? null]);
      byOwner.set(owner, new PdfDict([...(byOwner.get(owner) ?? []), ...dict]));
    }
    const dicts = [...byOwner.values()].map(withoutDefaults).filter(saysSomething);
    return dicts.length === 0 ? undefined : new Attributes(dicts);
  }

  get(owner: string, key: string): PdfObject | undefined {
    return this.dicts.find((dict) => dict.nameAt('O') === owner)?.get(key);
  }

  numberAt(owner: string, key: string): number | undefined {
    return numberOf(this.get(owner, key));
  }

  /** As it stands in the file. */
  get text(): string {
    this.#text ??= serialize(this.dicts.length === 1 ? (this.dicts[0] ?? null) : [...this.dicts]);
    return this.#text;
  }
}

/** The attributes with one entry set. */
export function withAttribute(
  attributes: Attributes | undefined,
  owner: string,
  key: string,
  value: PdfObject,
): Attributes {
  const dicts = (attributes?.dicts ?? []).map((dict) => new PdfDict(dict));
  const held = dicts.find((dict) => dict.nameAt('O') === owner);
  if (held === undefined) return new Attributes([...dicts, PdfDict.of({ O: name(owner), [key]: value })]);
  held.set(key, value);
  return new Attributes(dicts.map(withoutDefaults).filter(saysSomething));
}

/** Spans of one row and one column are the default (ISO 32000-2 table 384). */
function withoutDefaults(dict: PdfDict): PdfDict {
  if (dict.nameAt('O') === 'Table') {
    for (const key of ['RowSpan', 'ColSpan']) if (dict.get(key) === 1) dict.delete(key);
  }
  return dict;
}

const saysSomething = (dict: PdfDict): boolean => dict.size > (dict.has('NS') ? 2 : 1);
