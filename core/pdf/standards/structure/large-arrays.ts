/** PDF/A-1 allows no array of more than 8,191 items (ISO 19005-1 §6.1.12): long tables and lists get groups between. */
import { StructureElement, type Kid } from './element.ts';
import { isContainer } from './kinds.ts';

const MOST_KIDS = 8_191;
const IN_GROUP = 4_000;

export function groupKids(elements: Iterable<StructureElement>): void {
  for (const element of elements) if (element.kids.length > MOST_KIDS) group(element);
}

function group(element: StructureElement): void {
  const { kids } = element;
  const type = groupType(element);
  const lead = kids.filter((kid) => kid instanceof StructureElement && kid.type === 'Caption');
  const rest = kids.filter((kid) => !lead.includes(kid));
  const groups: Kid[] = [];
  for (let at = 0; at < rest.length; at += IN_GROUP) {
    const wrapper = new StructureElement(type, element);
    wrapper.adopt(rest.slice(at, at + IN_GROUP));
    groups.push(wrapper);
  }
  element.kids = [...lead, ...groups];
  if (element.kids.length > MOST_KIDS) group(element);
}

function groupType(element: StructureElement): string {
  if (element.type === 'Table') return 'TBody';
  if (element.type === 'L') return 'L';
  return isContainer(element) || element.type === 'TD' || element.type === 'LBody' ? 'Div' : 'Span';
}
