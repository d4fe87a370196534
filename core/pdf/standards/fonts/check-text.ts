/** Looks at all text that is shown, for what no writer can mend: characters without a glyph, glyphs without a meaning. */
import { contentOf, contentParts } from '../../content/content-parts.ts';
import type { PdfDocument } from '../../revision/document.ts';
import type { Findings } from '../findings.ts';
import type { Standards } from '../model.ts';
import { shownRuns } from './shown-codes.ts';
import { fontFinder, type FontCache, type TextFont } from './text-font.ts';
import { textRules, type RuleName, type TextRules } from './text-rules.ts';

/** A hexadecimal string with a code of two zero bytes, or a literal string: then it is worth reading the content. */
const MAY_SHOW_NOTDEF = /<(?:[\dA-Fa-f]{4})*?0000|\(/;

export function checkText(document: PdfDocument, standards: Standards, findings: Findings): void {
  const rules = textRules(standards);
  const onlyNotdef = rules.mapped.length === 0 && rules.meaningful.length === 0;
  if (onlyNotdef && rules.notdef.length === 0) return;
  const fonts: FontCache = new Map();
  const sound: SoundCodes = new Map();
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    for (const part of contentParts(document, page)) {
      const fontOf = fontFinder(document, part.resources, fonts);
      for (const content of contentOf(document, part)) {
        if (onlyNotdef && !MAY_SHOW_NOTDEF.test(latin1(content))) continue;
        if (isSound(content, fontOf, sound)) continue;
        checkContent(content, { fontOf, rules, findings, page: number });
      }
    }
  }
}

/** Codes of a font that were found to have a glyph and a text. */
type SoundCodes = Map<TextFont, Uint8Array>;

/** Whether no code of the content breaks any rule: nearly always, and each code is looked at once a document. */
function isSound(content: Uint8Array, fontOf: PartCheck['fontOf'], sound: SoundCodes): boolean {
  for (const { font, codes } of shownRuns(content, { fontOf, isReplaced: () => false })) {
    let known = sound.get(font);
    if (known === undefined) sound.set(font, (known = new Uint8Array(CODES)));
    for (const code of codes) {
      if (known[code] === 1) continue;
      const text = font.textOf(code);
      if (font.isNotdef(code) || text === undefined || MEANS_NOTHING.test(text)) return false;
      known[code] = 1;
    }
  }
  return true;
}

const CODES = 0x10000;
const MEANS_NOTHING = /[\0\u{feff}\u{fffe}]/u;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

interface PartCheck {
  readonly fontOf: (name: string) => TextFont | undefined;
  readonly rules: TextRules;
  readonly findings: Findings;
  readonly page: number;
}

function checkContent(content: Uint8Array, { fontOf, rules, findings, page }: PartCheck): void {
  const broken: { readonly at: number; readonly rules: readonly RuleName[]; readonly message: string }[] = [];
  let shown = '';
  for (const run of shownRuns(content, { fontOf, isReplaced: () => false })) {
    for (const code of run.codes) {
      const text = run.font.textOf(code);
      if (run.font.isNotdef(code)) {
        broken.push({ at: shown.length, rules: rules.notdef, message: NO_GLYPH });
        shown += '\u{25a1}';
        if (text === undefined) broken.push({ at: shown.length, rules: rules.mapped, message: NO_GLYPH });
        continue;
      }
      if (text === undefined) broken.push({ at: shown.length, rules: rules.mapped, message: NO_TEXT });
      else if (MEANS_NOTHING.test(text)) {
        broken.push({ at: shown.length, rules: rules.meaningful, message: NO_CHARACTER });
      }
      shown += text ?? '\u{fffd}';
    }
  }
  for (const { at, rules: names, message } of broken) {
    const text = excerpt(shown, at);
    for (const name of names) {
      findings.violate({ ...name, page, message: `${message} (it is in \u{201c}${text}\u{201d}).` });
    }
  }
}

const NO_GLYPH = 'No font here has one of the characters, so an empty box is shown in its place';
const NO_TEXT = 'A sign is shown of which its font does not say what text it is';
const NO_CHARACTER = 'A sign is shown that stands for a character that means nothing';
const AROUND = 20;

function excerpt(text: string, at: number): string {
  const [from, to] = [Math.max(0, at - AROUND), at + AROUND];
  return `${from > 0 ? '\u{2026}' : ''}${text.slice(from, to)}${to < text.length ? '\u{2026}' : ''}`
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ');
}
