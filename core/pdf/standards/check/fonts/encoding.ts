/** Names of the codes of a simple font, as its dictionary gives them (ISO 32000-2 §9.6.5). */
import { PdfDict, PdfName, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { encodingNamed } from './encodings.ts';

export interface FontEncoding {
  /** There is an /Encoding. */
  readonly isStated: boolean;
  /** Its name, or its /BaseEncoding. */
  readonly base: string | undefined;
  readonly differences: ReadonlyMap<number, string> | undefined;
  /** Undefined when the dictionary says nothing of the code. */
  nameOf(code: number): string | undefined;
}

export function fontEncoding(file: CheckedFile, object: PdfObject | undefined): FontEncoding {
  const value = file.resolve(object);
  if (value instanceof PdfName) {
    const table = encodingNamed(value.name);
    return {
      isStated: true,
      base: value.name,
      differences: undefined,
      nameOf: (code) => table && (table[code] ?? '.notdef'),
    };
  }
  if (!(value instanceof PdfDict)) {
    return { isStated: value !== null, base: undefined, differences: undefined, nameOf: () => undefined };
  }
  const base = file.name(value.get('BaseEncoding'));
  const table = encodingNamed(base);
  const differences = value.has('Differences') ? differencesOf(file, value.get('Differences')) : undefined;
  return {
    isStated: true,
    base,
    differences,
    nameOf: (code) => differences?.get(code) ?? (table && (table[code] ?? '.notdef')),
  };
}

function differencesOf(file: CheckedFile, object: PdfObject | undefined): Map<number, string> {
  const names = new Map<number, string>();
  let code = 0;
  for (const item of file.array(object) ?? []) {
    const value = file.resolve(item);
    if (typeof value === 'number') code = value;
    else if (value instanceof PdfName) {
      names.set(code, value.name);
      code += 1;
    }
  }
  return names;
}
