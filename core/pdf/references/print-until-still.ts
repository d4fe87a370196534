/** Prints a document that shows its own page numbers again until they are right; any other exactly once. */
import type { JobWarning } from '../../../contract/job.ts';
import {
  standStill,
  type AskedReferences,
  type PageNumbers,
} from '../../templates/references/page-numbers.ts';
import type { RenderedDocument } from '../../templates/renderer.ts';
import type { PrintResult } from '../engine.ts';
import { readPrintedPlaces, type PrintedPlaces } from './named-destinations.ts';

/** Numbers that change what they number may never stand still. */
export const MOST_PASSES = 3;

export interface Passes {
  /** Renders the document with what an earlier print told; undefined before the first. */
  readonly render: (numbers: PageNumbers | undefined) => Promise<RenderedDocument>;
  /** `ids`: what the file has to tell the place of. `whole`: all pages, whatever range is asked for. */
  readonly print: (
    document: RenderedDocument,
    ids: readonly string[],
    whole: boolean,
  ) => Promise<PrintResult>;
  /** Whether only some of the pages are wanted. */
  readonly hasRange: boolean;
  /** From an earlier print of nearly the same document: when nothing has moved, one print is enough. */
  readonly start?: PageNumbers | undefined;
}

export interface Settled extends PrintResult {
  readonly document: RenderedDocument;
  readonly passes: number;
  /** What the last print told; undefined for a document that asks for nothing. */
  readonly numbers: PageNumbers | undefined;
}

export async function printUntilStill({ render, print, hasRange, start }: Passes): Promise<Settled> {
  let numbers = start;
  for (let passes = 1; ; passes += 1) {
    const document = await render(numbers);
    const { references } = document;
    if (references === undefined) {
      return { ...(await print(document, [], false)), document, passes, numbers: undefined };
    }
    const ids = [...new Set([...references.named, ...references.listed])];
    const printed = await print(document, ids, true);
    const pdf = await wholePdf(printed.pdf);
    const found = numbersOf(readPrintedPlaces(pdf));
    const isStill = standStill(references, numbers, found);
    if (!isStill && passes < MOST_PASSES) {
      numbers = found;
      continue;
    }
    const warnings = [...printed.warnings, ...warningsOf(references, found, isStill)];
    if (!hasRange) return { pdf, warnings, document, passes, numbers: found };
    const { pdf: part } = await print(document, ids, false);
    return { pdf: part, warnings, document, passes: passes + 1, numbers: found };
  }
}

function numbersOf(places: PrintedPlaces | undefined): PageNumbers {
  const pages = new Map([...(places?.byId ?? [])].map(([id, { page }]) => [id, page]));
  return { count: places?.pages ?? 1, pages };
}

function warningsOf({ named }: AskedReferences, { pages }: PageNumbers, isStill: boolean): JobWarning[] {
  const warnings = named
    .filter((id) => !pages.has(id))
    .slice(0, MOST_WARNINGS)
    .map((id): JobWarning => ({
      code: 'REFERENCE_NOT_FOUND',
      message: `Nothing with the id "${shortened(id)}" is printed, so {{pageOf}} shows "?"`,
    }));
  if (!isStill) {
    warnings.push({
      code: 'REFERENCES_UNSETTLED',
      message: `After ${MOST_PASSES} prints the page numbers in the text still changed, so some may be wrong; a fixed width for them helps`,
    });
  }
  return warnings;
}

const MOST_WARNINGS = 50;
const SHOWN_ID = 100;
const shortened = (id: string): string => (id.length > SHOWN_ID ? `${id.slice(0, SHOWN_ID)}…` : id);

/** A printed document in one piece. */
export async function wholePdf(pdf: PrintResult['pdf']): Promise<Uint8Array> {
  if (pdf instanceof Uint8Array) return pdf;
  const parts: Uint8Array[] = [];
  for await (const part of pdf) parts.push(part);
  return Buffer.concat(parts);
}
