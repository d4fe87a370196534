/** Looks at all text that is shown, for what no writer can mend: characters without a glyph, glyphs without a meaning. */
import { contentOf, contentParts } from '../../content/content-parts.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { PdfDict } from '../../revision/objects.ts';
import type { Findings } from '../findings.ts';
import type { Standards } from '../model.ts';
import { shownRuns } from './shown-codes.ts';
import { isSound, MEANS_NOTHING, SoundText, type SoundCodes } from './sound-text.ts';
import { fontFinder, type FontCache, type TextFont } from './text-font.ts';
import { textRules, type RuleName, type TextRules } from './text-rules.ts';

/** A hexadecimal string with a code of two zero bytes, or a literal string: then it is worth reading the content. */
const MAY_SHOW_NOTDEF = /<(?:[\dA-Fa-f]{4})*?0000|\(/;

/** Looks at all text of a document, page by page. */
export class TextCheck {
  readonly #document: PdfDocument;
  readonly #findings: Findings;
  readonly #rules: TextRules;
  readonly #fonts: FontCache = new Map();
  readonly #sound: SoundCodes = new Map();
  /** No rule but that about missing characters holds. */
  readonly #onlyNotdef: boolean;
  readonly #isNeeded: boolean;

  constructor(document: PdfDocument, standards: Standards, findings: Findings) {
    this.#document = document;
    this.#findings = findings;
    this.#rules = textRules(standards);
    const { mapped, meaningful, notdef } = this.#rules;
    this.#onlyNotdef = mapped.length === 0 && meaningful.length === 0;
    this.#isNeeded = !this.#onlyNotdef || notdef.length > 0;
  }

  /** Throws PDF_DAMAGED, PdfSyntaxError. */
  all(): void {
    let number = 0;
    for (const page of this.#document.pages()) {
      number += 1;
      this.page(page, number);
    }
  }

  /** To look at the content of a page while others read it; `page` is then told whether it was sound. */
  begin(page: PdfPage): SoundText | undefined {
    if (!this.#isNeeded) return undefined;
    const resources = page.inherited('Resources');
    return new SoundText(this.#fontsOf(resources instanceof PdfDict ? resources : undefined), this.#sound);
  }

  /** All content that a page leads to; its own only if it is not known to be sound. Throws PDF_DAMAGED, PdfSyntaxError. */
  page(page: PdfPage, number: number, isSoundItself = false): void {
    if (!this.#isNeeded) return;
    for (const part of contentParts(this.#document, page)) {
      if (part.kind === 'page' && isSoundItself) continue;
      const fontOf = this.#fontsOf(part.resources);
      for (const content of contentOf(this.#document, part)) {
        if (this.#onlyNotdef && !MAY_SHOW_NOTDEF.test(latin1(content))) continue;
        if (isSound(content, fontOf, this.#sound)) continue;
        checkContent(content, { fontOf, rules: this.#rules, findings: this.#findings, page: number });
      }
    }
  }

  #fontsOf(resources: PdfDict | undefined): (name: string) => TextFont | undefined {
    return fontFinder(this.#document, resources, this.#fonts);
  }
}

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
