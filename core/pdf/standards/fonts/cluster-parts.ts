/**
 * Glyphs that stand for no character of their own, such as a vowel sign that is drawn before its consonant: Skia maps them to U+0000
 * and gives the whole cluster an ActualText. U+0000 is forbidden (ISO 19005-2 §6.2.11.7.2, 19005-4 §6.2.10.7, 14289-1 §7.21.7); a
 * zero width space says as little.
 */
import { contentOf, contentParts } from '../../content/content-parts.ts';
import { flateStream } from '../../content/page-content.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { type PdfDict, PdfRef } from '../../revision/objects.ts';
import type { Standards } from '../model.ts';
import { bringsActualText } from './actual-text.ts';
import { shownRuns } from './shown-codes.ts';
import { fontFinder, type FontCache, type TextFont } from './text-font.ts';
import { textRules } from './text-rules.ts';
import { toUnicodeOf } from '../../content/to-unicode.ts';
import { usedFonts } from './used-fonts.ts';

/** Only of glyphs that are shown under an ActualText wherever they are shown; what the others mean is not known. */
export function mapClusterParts(document: PdfDocument, standards: Standards): void {
  if (textRules(standards).meaningful.length === 0) return;
  const parts = new Map<PdfDict, Set<number>>();
  for (const font of usedFonts(document)) {
    const codes = codesWithoutCharacter(document, font);
    if (codes.size > 0) parts.set(font, codes);
  }
  if (parts.size === 0) return;
  leaveOutUnexplained(document, parts);
  for (const [font, codes] of parts) if (codes.size > 0) mapToNothing(document, font, codes);
}

function codesWithoutCharacter(document: PdfDocument, font: PdfDict): Set<number> {
  const stream = document.streamAt(font, 'ToUnicode');
  if (stream === undefined) return new Set();
  const codes = new Set<number>();
  for (const [code, text] of toUnicodeOf(document, stream)) if (text === '\0') codes.add(code);
  return codes;
}

function leaveOutUnexplained(document: PdfDocument, parts: ReadonlyMap<PdfDict, Set<number>>): void {
  const fonts: FontCache = new Map();
  for (const page of document.pages()) {
    for (const part of contentParts(document, page)) {
      const fontOf = fontFinder(document, part.resources, fonts);
      const isReplaced = bringsActualText(document, part.resources);
      for (const content of contentOf(document, part)) {
        for (const run of shownRuns(content, { fontOf, isReplaced })) {
          if (run.isReplaced) continue;
          const codes = codesOf(run.font, fonts, parts);
          for (const code of run.codes) codes?.delete(code);
        }
      }
    }
  }
}

function codesOf(
  font: TextFont,
  fonts: FontCache,
  parts: ReadonlyMap<PdfDict, Set<number>>,
): Set<number> | undefined {
  for (const [dict, codes] of parts) if (fonts.get(dict) === font) return codes;
  return undefined;
}

/** Single mappings, as Skia writes them; those of other writers stay, and the check of the text refuses them. */
function mapToNothing(document: PdfDocument, font: PdfDict, codes: ReadonlySet<number>): void {
  const ref = font.get('ToUnicode');
  const stream = document.streamAt(font, 'ToUnicode');
  if (!(ref instanceof PdfRef) || stream === undefined) return;
  const cmap = Buffer.from(document.decodedBytes(stream)).toString('latin1');
  const mended = cmap.replaceAll(/beginbfchar.*?endbfchar/gs, (section) =>
    section.replaceAll(/<([\dA-Fa-f]+)>(\s*)<0000>/g, (pair, code: string, space: string) =>
      codes.has(Number.parseInt(code, 16)) ? `<${code}>${space}<200B>` : pair,
    ),
  );
  document.set(ref, flateStream(stream.dict, Buffer.from(mended, 'latin1')));
}
