/** Finds the line of the template that breaks a standard: the document is printed once more, with the places of its elements. */
import { InfluxionError } from '../error.ts';
import { wholePdf } from '../pdf/references/print-until-still.ts';
import type { PrintedDocument } from './print-document.ts';
import { placeAbove, placesIn } from './printed-places.ts';

/** The error with template and line, where it names a place on a page; any other error as it is. */
export async function withTemplateLine(
  error: unknown,
  print: () => Promise<PrintedDocument>,
): Promise<unknown> {
  if (!InfluxionError.is(error) || error.code !== 'STANDARD_NOT_MET') return error;
  const first = error.details.violations?.find(({ y }) => y != null);
  if (first === undefined) return error;
  try {
    const { pdf, document } = await print();
    const place = placeAbove(placesIn(await wholePdf(pdf), document.places).places, first);
    if (place === undefined) return error;
    const details = { ...error.details, template: textOf(place.path), line: place.line };
    return new InfluxionError(error.code, error.message, details, error);
  } catch {
    // The rule that is broken is what the caller has to know; the line is a help.
    return error;
  }
}

/** The name of a text in errors, from its path in the studio. */
const textOf = (path: string): string => /^partials\/(.+)\.hbs$/.exec(path)?.[1] ?? 'html';
