/**
 * Signs of icon fonts, which stand for characters of private use that mean nothing to a reader. They get an ActualText (ISO
 * 19005-2 §6.2.11.7.3, ISO 14289-2 §8.4.3): what the rest of their text says, which is mostly nothing.
 */
import { ContentEdits } from '../../content/content-edits.ts';
import { contentOf, contentParts, resourceEntries, type ContentPart } from '../../content/content-parts.ts';
import { flateStream } from '../../content/page-content.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict } from '../../revision/objects.ts';
import { serialize } from '../../revision/serialize.ts';
import { textString } from '../../revision/text-string.ts';
import type { Findings } from '../findings.ts';
import type { Standards } from '../model.ts';
import { bringsActualText } from './actual-text.ts';
import { shownRuns } from './shown-codes.ts';
import { fontFinder, type FontCache } from './text-font.ts';
import { textRules } from './text-rules.ts';

const PRIVATE = /\p{Co}/gu;

export function explainPrivateText(document: PdfDocument, standards: Standards, findings: Findings): void {
  if (textRules(standards).explained.length === 0) return;
  const fonts: FontCache = new Map();
  const done = new Set<PdfDict>();
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    let changed = false;
    for (const part of contentParts(document, page)) {
      if (part.kind === 'type3' || done.has(part.dict)) continue;
      done.add(part.dict);
      changed = explain(document, part, fonts) || changed;
    }
    if (!changed) continue;
    findings.warn({
      code: 'STANDARD_REPAIRED',
      message: `Page ${number} shows signs of an icon font that stand for no text; they are marked so that readers pass over them`,
      page: number,
    });
  }
}

function explain(document: PdfDocument, part: ContentPart, fonts: FontCache): boolean {
  const fontOf = fontFinder(document, part.resources, fonts);
  const names = resourceEntries(document, part.resources, 'Font').map(([name]) => name);
  if (!names.some((name) => fontOf(name)?.hasPrivateText() === true)) return false;
  const [content] = contentOf(document, part);
  if (content === undefined || part.ref === undefined) return false;
  const edits = new ContentEdits();
  const isReplaced = bringsActualText(document, part.resources);
  for (const { font, codes, isReplaced: has, start, end } of shownRuns(content, { fontOf, isReplaced })) {
    const text = codes.map((code) => font.textOf(code) ?? '').join('');
    if (has || !/\p{Co}/u.test(text)) continue;
    const rest = serialize(textString(text.replaceAll(PRIVATE, '')));
    edits.insert(start, `/Span <</ActualText ${rest}>> BDC `);
    edits.insert(end, ' EMC');
  }
  if (edits.isEmpty) return false;
  const bytes = edits.apply(content);
  if (part.kind === 'page') {
    document.editDict(part.ref).set('Contents', document.add(flateStream(new PdfDict(), bytes)));
  } else document.set(part.ref, flateStream(part.dict, bytes));
  return true;
}
