/** Destinations, and whether they lead to structure elements (ISO 32000-2 §12.3.2). */
import { PdfName, PdfRef, PdfString, type PdfDict, type PdfObject } from '../../revision/objects.ts';
import type { Facts } from './facts.ts';

const MOST_DEPTH = 64;
const MOST_NAMES = 1_000_000;

const keyOf = ({ bytes }: PdfString): string => Buffer.from(bytes).toString('latin1');

/** /Dests of the name tree; undefined without it. */
function namedDestinations(facts: Facts): ReadonlyMap<string, PdfObject> | undefined {
  return facts.once('destinations', () => {
    const { file, budget } = facts;
    const root = file.dictOrStream(file.dictOrStream(facts.catalog.get('Names'))?.get('Dests'));
    if (root === undefined) return undefined;
    const found = new Map<string, PdfObject>();
    const seen = new Set<PdfDict>();
    const visit = (node: PdfDict | undefined, depth: number): void => {
      budget.step();
      if (node === undefined || depth > MOST_DEPTH || seen.has(node)) return;
      seen.add(node);
      const names = file.array(node.get('Names')) ?? [];
      for (let index = 0; index + 1 < names.length && found.size < MOST_NAMES; index += 2) {
        const name = file.string(names[index]);
        if (name !== undefined && !found.has(keyOf(name))) found.set(keyOf(name), names[index + 1] ?? null);
      }
      for (const kid of file.array(node.get('Kids')) ?? []) visit(file.dictOrStream(kid), depth + 1);
    };
    visit(root, 0);
    return found;
  });
}

/** What a name or a string stands for; undefined when it stands for nothing. */
function lookUp(facts: Facts, destination: PdfObject): PdfObject | undefined {
  const { file } = facts;
  if (destination instanceof PdfString) return namedDestinations(facts)?.get(keyOf(destination));
  if (destination instanceof PdfName)
    return file.dictOrStream(facts.catalog.get('Dests'))?.get(destination.name);
  return destination;
}

/** The target is a structure element, or the destination names one beside it (/SD). */
export function leadsToStructure(facts: Facts, object: PdfObject | undefined): boolean {
  const { file } = facts;
  const destination = file.resolve(lookUp(facts, file.resolve(object)));
  if (Array.isArray(destination)) return file.dict(destination[0])?.has('S') === true;
  return file.dict(destination)?.has('SD') === true;
}

/** Number of the object of the element that a destination leads to. */
export function targetElement(facts: Facts, object: PdfObject | undefined): number | undefined {
  const { file } = facts;
  const destination = file.resolve(lookUp(facts, file.resolve(object)));
  const target = Array.isArray(destination) ? destination[0] : file.dict(destination)?.get('SD');
  if (!(target instanceof PdfRef)) return undefined;
  if (Array.isArray(destination) && file.dict(target)?.has('S') !== true) return undefined;
  return target.number;
}
