/** The type of a form field (ISO 32000-2 §12.7.4.1). */
import type { PdfDict } from '../../revision/objects.ts';
import type { CheckedFile } from './file/checked-file.ts';

const MOST_PARENTS = 64;

/** /FT of a field or a widget, or of the nearest ancestor that has it. */
export function fieldTypeOf(file: CheckedFile, dict: PdfDict): string | undefined {
  let current: PdfDict | undefined = dict;
  for (let steps = 0; current !== undefined && steps < MOST_PARENTS; steps += 1) {
    if (current.has('FT')) return file.name(current.get('FT'));
    current = file.dict(current.get('Parent'));
  }
  return undefined;
}
