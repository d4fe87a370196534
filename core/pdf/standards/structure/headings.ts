/** Headings descend one level at a time, beginning with H1 (ISO 14289-1 §7.4.2). They are the author's: nothing is renumbered. */
import type { StructureElement } from './element.ts';

export interface HeadingFault {
  readonly heading: StructureElement;
  readonly level: number;
  /** Of the heading before it; 0 for none. */
  readonly before: number;
}

export function headingFaults(headings: readonly StructureElement[]): HeadingFault[] {
  const faults: HeadingFault[] = [];
  let before = 0;
  for (const heading of headings) {
    const level = Number(heading.type.slice(1));
    if (level > before + 1) faults.push({ heading, level, before });
    before = level;
  }
  return faults;
}

/** Chromium calls a heading beyond level 6 H, which no other heading may stand beside (ISO 14289-1 §7.4.4); PDF 2.0 counts on. */
export function settleHeading(heading: StructureElement, isPdf2: boolean): void {
  if (heading.type === 'H') heading.type = isPdf2 ? 'H7' : 'H6';
}
