/** Where a document is transparent (ISO 32000-1 §11), which PDF/A-1 forbids (ISO 19005-1 §6.4): found on the file itself. */
import { contentParts, resourceEntries, type ContentPart } from '../../content/content-parts.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject } from '../../revision/objects.ts';

export interface TransparencyCause {
  readonly rule: '6.4-1' | '6.4-2' | '6.4-3' | '6.4-4' | '6.4-5' | '6.4-6' | '6.5.3-1';
  /** What of HTML and CSS makes it, to follow "It has". */
  readonly what: string;
}

const COLOURS = 'translucent colours (opacity, rgba(), transparent)';
const GROUP = 'a group that is mixed with what is behind it (opacity, mask, filter, mix-blend-mode)';

/** Of a page with all that it paints, one for each rule; empty for an opaque page. */
export function transparencyOf(document: PdfDocument, page: PdfPage): TransparencyCause[] {
  const causes = new Map<string, TransparencyCause>();
  const add = (rule: TransparencyCause['rule'], what: string): void => {
    if (!causes.has(rule)) causes.set(rule, { rule, what });
  };
  for (const annotation of document.arrayAt(page.dict, 'Annots') ?? []) {
    const dict = document.resolve(annotation);
    if (dict instanceof PdfDict && (document.numberAt(dict, 'CA') ?? 1) !== 1)
      add('6.5.3-1', 'a translucent annotation');
  }
  for (const part of contentParts(document, page)) {
    if (isTransparentGroup(document, part)) add('6.4-3', GROUP);
    for (const [, entry] of resourceEntries(document, part.resources, 'XObject')) {
      const object = document.resolve(entry);
      if (object instanceof PdfStream && document.resolve(object.dict.get('SMask')) !== null) {
        add('6.4-2', 'a picture with translucent pixels (an image with alpha, <canvas>, colour emoji)');
      }
    }
    for (const [, entry] of resourceEntries(document, part.resources, 'ExtGState')) {
      const state = document.resolve(entry);
      if (state instanceof PdfDict) stateCauses(document, state, add);
    }
  }
  // A group is only how the other causes are written; those say more.
  const all = [...causes.values()];
  return all.length > 1 ? all.filter(({ rule }) => rule !== '6.4-3') : all;
}

const isTransparentGroup = (document: PdfDocument, { dict }: ContentPart): boolean =>
  document.nameAt(document.dictAt(dict, 'Group'), 'S') === 'Transparency';

function stateCauses(
  document: PdfDocument,
  state: PdfDict,
  add: (rule: TransparencyCause['rule'], what: string) => void,
): void {
  const mask = document.resolve(state.get('SMask'));
  if (mask !== null && !isName(mask, 'None')) {
    add('6.4-1', 'a soft mask (a blurred shadow, a gradient to transparent, mask)');
  }
  const mode = document.resolve(state.get('BM'));
  if (mode !== null && !isName(mode, 'Normal') && !isName(mode, 'Compatible')) {
    add('6.4-4', `colours that blend${mode instanceof PdfName ? ` (${mode.name})` : ''} (mix-blend-mode)`);
  }
  if ((document.numberAt(state, 'CA') ?? 1) !== 1) add('6.4-5', COLOURS);
  if ((document.numberAt(state, 'ca') ?? 1) !== 1) add('6.4-6', COLOURS);
}

const isName = (object: PdfObject, wanted: string): boolean =>
  object instanceof PdfName && object.name === wanted;
