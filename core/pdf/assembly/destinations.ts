/** The named destinations of a file on their way into another (ISO 32000-2 §12.3.2.4). */
import type { PdfDocument } from '../revision/document.ts';
import { PdfDict, PdfString, type PdfObject } from '../revision/objects.ts';
import { nameTreeEntries } from '../revision/tree-entries.ts';
import type { NameList } from './name-list.ts';

export interface RenamedDestinations {
  rename(old: Uint8Array): PdfString | undefined;
  /** Name in the new file and value in the old one. */
  readonly entries: readonly (readonly [PdfString, PdfObject])[];
}

/** Reserves the names of a file, of the dictionary of PDF 1.1 as of the tree. */
export function renameDestinations(document: PdfDocument, names: NameList): RenamedDestinations {
  const renamed = new Map<string, PdfString>();
  const entries: (readonly [PdfString, PdfObject])[] = [];
  const take = (old: Uint8Array, value: PdfObject): void => {
    const key = Buffer.from(old).toString('latin1');
    if (renamed.has(key)) return;
    const next = names.reserve(new PdfString(Buffer.from(old)));
    renamed.set(key, next);
    entries.push([next, value]);
  };
  const old = document.resolve(document.root.get('Dests'));
  if (old instanceof PdfDict) for (const [key, value] of old) take(Buffer.from(key, 'latin1'), value);
  const tree = document.dictAt(document.dictAt(document.root, 'Names'), 'Dests');
  for (const [key, value] of nameTreeEntries(document, tree)) take(key.bytes, value);
  return { rename: (name) => renamed.get(Buffer.from(name).toString('latin1')), entries };
}
