/** What only the author of a document can mend, with the page and the words that lead there. */
import type { Findings } from '../findings.ts';
import { pdfaName, type Standards } from '../model.ts';
import type { AccessibleNames } from './accessible-name.ts';
import { StructureElement } from './element.ts';
import { hasAlternative } from './figures.ts';
import { headingFaults } from './headings.ts';
import { isHeading } from './kinds.ts';
import { settleLanguage } from './language-tags.ts';

export interface FaultContext {
  readonly standards: Standards;
  readonly names: AccessibleNames;
  /** Of a page by its object number, from 1. */
  readonly pageNumber: (page: number) => number | undefined;
}

/** Also writes language tags in their usual form. */
export function reportFaults(
  elements: readonly StructureElement[],
  { standards, names, pageNumber }: FaultContext,
  findings: Findings,
): void {
  const { ua } = standards;
  const placeOf = (element: StructureElement) => ({
    page: pageNumber(firstPage(element)),
    object: element.number,
  });
  for (const element of elements) {
    const { type, entries } = element;
    if (entries !== undefined) {
      const language = settleLanguage(element, standards.pdfa?.part === 1);
      if (language !== undefined) {
        const message = `The language "${language.slice(0, 40)}" is no language tag.`;
        const hint = 'Write lang="en", lang="de-AT" or another tag of BCP 47.';
        findings.violate({ ...languageRule(standards), message, hint, ...placeOf(element) });
      }
    }
    if (ua !== undefined && type === 'Figure' && !hasAlternative(element)) {
      const message = 'A picture has no alternative text.';
      const hint =
        'Give it an alt attribute (an empty one if it is decoration), or aria-label where it is no img.';
      const rule = ua === 1 ? '7.3-1' : '8.2.5.28.2-1';
      findings.violate({ standard: `pdf/ua-${ua}`, rule, message, hint, ...placeOf(element) });
    }
  }
  // PDF/UA-2 leaves the order of levels to the author (ISO 14289-2 §8.2.5.12).
  if (ua !== 1) return;
  const headings = elements.filter(({ type }) => isHeading(type));
  for (const { heading, level, before } of headingFaults(headings)) {
    const words = names.of(heading).slice(0, 80);
    const why =
      before === 0 ? 'the first heading must be of level 1' : `the one before it is of level ${before}`;
    const message = `The heading "${words}" is of level ${level}, but ${why}.`;
    const hint = 'Headings descend by one level at a time from h1; their looks are a matter of CSS.';
    findings.violate({ standard: 'pdf/ua-1', rule: '7.4.2-1', message, hint, ...placeOf(heading) });
  }
}

/** Object number of the page on which an element begins; 0 for one without content. */
function firstPage(element: StructureElement): number {
  for (const kid of element.kids) {
    const page = kid instanceof StructureElement ? firstPage(kid) : kid.page;
    if (page !== 0) return page;
  }
  return 0;
}

function languageRule({ pdfa, ua }: Standards): { standard: string; rule: string } {
  if (ua === 1) return { standard: 'pdf/ua-1', rule: '7.2-29' };
  if (ua === 2) return { standard: 'pdf/ua-2', rule: '8.4.4-2' };
  return {
    standard: pdfa === undefined ? '' : pdfaName(pdfa),
    rule: pdfa?.part === 1 ? '6.8.4-1' : '6.7.4-1',
  };
}
