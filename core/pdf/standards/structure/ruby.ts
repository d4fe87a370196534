/** Ruby holds one base and one annotation (ISO 32000-2 §14.8.4.7.3; ISO 14289-2 §8.2.5.23); HTML puts several pairs in one element. */
import { StructureElement, type Kid } from './element.ts';

export function settleRuby(ruby: StructureElement): void {
  if (ruby.elements[0]?.type === 'RB') return;
  const pairs: { base: Kid[]; text: StructureElement | undefined }[] = [];
  let base: Kid[] = [];
  for (const kid of ruby.kids) {
    if (!(kid instanceof StructureElement) || kid.type !== 'RT') {
      // Parentheses for readers without ruby would stand twice on the page.
      if (!(kid instanceof StructureElement && kid.type === 'RP')) base.push(kid);
      continue;
    }
    const last = pairs.at(-1);
    if (base.length === 0 && last?.text !== undefined) last.text.adopt([...last.text.kids, ...kid.kids]);
    else {
      pairs.push({ base, text: kid });
      base = [];
    }
  }
  if (base.length > 0) pairs.push({ base, text: undefined });
  const { parent } = ruby;
  if (parent === undefined) return;
  const made: Kid[] = pairs.flatMap(({ base: kids, text }) => {
    if (text === undefined || kids.length === 0) return [...kids, ...(text?.kids ?? [])];
    const pair = new StructureElement('Ruby', parent);
    pair.entries = ruby.entries;
    pair.attributes = ruby.attributes;
    const rb = new StructureElement('RB', pair);
    rb.adopt(kids);
    rb.spread(({ type }) => type === 'NonStruct' || type === 'Box');
    pair.adopt([rb, text]);
    return [pair];
  });
  for (const kid of made) kid.parent = parent;
  parent.kids.splice(parent.kids.indexOf(ruby), 1, ...made);
  ruby.kids = [];
}
