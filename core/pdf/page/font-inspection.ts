/** Finds missing glyphs and font fallbacks in a document that is laid out, and says with which characters. */
import { FONT_ALIASES } from '../font-aliases.ts';
import { firstFamily, type FontScan, type FontScanner } from '../font-scan.ts';
import {
  collectFontsScript,
  missingGlyphsScript,
  placeProbesScript,
  removeProbesScript,
  type FontGroup,
  type FontProbe,
} from '../font-scripts.ts';
import type { WarningList } from '../warning-list.ts';
import { CdpError, type CdpSession } from './cdp-session.ts';

interface UsedFont {
  readonly familyName: string;
  readonly isCustomFont: boolean;
}

interface Verdict {
  /** The font that sets it; undefined where the browser does not say. */
  readonly font: UsedFont | undefined;
  readonly missing: boolean;
}

/** Probes of one document; the rest of a document with more is not looked at. */
const MOST_PROBES = 200;
const MOST_REMEMBERED = 20_000;
/** Matches no character. */
const NOTHING = '(?!)';
const SHOWN_CHARACTERS = 20;
/** A family that no machine has: what sets its text is what sets the text of any missing family. */
const ABSENT = 'influxion absent';

/** The check of one document, in two steps so that the first can be sent along with other commands. */
export interface FontCheck {
  /** What is set in which `font-family`. */
  collect(session: CdpSession): Promise<readonly FontGroup[]>;
  /** Asks the browser where it must and warns. `generation`: see `FontInspection.plan`. */
  judge(
    session: CdpSession,
    groups: readonly FontGroup[],
    warnings: WarningList,
    generation: number,
  ): Promise<void>;
}

export class FontInspection {
  readonly #scanner: FontScanner;
  readonly #shipped: ReadonlySet<string>;
  /** Families of the system by lower-case name, once asked for. */
  readonly #present = new Map<string, boolean>();
  readonly #verdicts = new Map<string, Verdict>();

  /** `shipped`: families that the browser takes from us. */
  constructor(scanner: FontScanner, shipped: readonly string[]) {
    this.#scanner = scanner;
    this.#shipped = new Set(shipped.map((family) => family.toLowerCase()));
  }

  /**
   * What is to be done for this document once it is laid out; undefined when nothing is. `generation` tells two pages
   * apart whose declared fonts may differ.
   */
  plan(html: string): FontCheck | undefined {
    const scan = this.#scanner.scan(html);
    const unknown = scan.families.filter((family) => this.#present.get(family) !== true);
    if (!scan.characters && unknown.length === 0 && scan.declared.length === 0) return undefined;
    const checked = { ...scan, families: unknown };
    return {
      collect: (session) =>
        evaluate<FontGroup[]>(
          session,
          collectFontsScript({
            // Compiling the real one takes a page longer than everything else here.
            pattern: scan.characters ? this.#scanner.pattern : NOTHING,
            declared: checked.declared,
            families: checked.families,
          }),
        ),
      judge: (session, groups, warnings, generation) =>
        this.#judge(session, groups, warnings, checked, generation),
    };
  }

  async #judge(
    session: CdpSession,
    groups: readonly FontGroup[],
    warnings: WarningList,
    scan: FontScan,
    generation: number,
  ): Promise<void> {
    if (groups.length === 0) return;
    const scope = scan.declared.length > 0 ? `${generation} ${scan.declared.join()}` : '';
    const keyOf = ({ stack, text }: FontProbe): string => `${scope}\n${stack}\n${text}`;
    const wanted = new Map<string, FontProbe>();
    const want = (stack: string, text: string): void => {
      const probe = { stack, text };
      const key = keyOf(probe);
      if (!this.#verdicts.has(key) && wanted.size < MOST_PROBES) wanted.set(key, probe);
    };
    for (const group of groups) {
      for (const character of group.characters) want(group.stack, character);
      const family = firstFamily(group.stack);
      if (scan.families.includes(family)) {
        const [character = 'x'] = group.sample;
        for (const stack of [group.stack, quote(family), quote(ABSENT)]) want(stack, character);
      }
    }
    if (wanted.size > 0) await this.#probe(session, wanted);
    const verdictOf = (stack: string, text: string): Verdict | undefined =>
      this.#verdicts.get(keyOf({ stack, text }));
    for (const group of groups) {
      const family = firstFamily(group.stack);
      const absent = scan.families.includes(family) && this.#reportFamily(group, family, verdictOf, warnings);
      this.#reportCharacters(group, absent, scan.declared, verdictOf, warnings);
    }
  }

  async #probe(session: CdpSession, wanted: ReadonlyMap<string, FontProbe>): Promise<void> {
    const probes = [...wanted.values()];
    const [fonts, missing] = await Promise.all([
      usedFonts(session, probes),
      evaluate<boolean[]>(session, missingGlyphsScript(probes)),
    ]);
    if (this.#verdicts.size > MOST_REMEMBERED) this.#verdicts.clear();
    [...wanted.keys()].forEach((key, index) => {
      this.#verdicts.set(key, { font: fonts[index], missing: missing[index] ?? false });
    });
  }

  /** Whether the first family of the group is not on this machine; says so if it is not. */
  #reportFamily(
    group: FontGroup,
    family: string,
    verdictOf: (stack: string, text: string) => Verdict | undefined,
    warnings: WarningList,
  ): boolean {
    const [character = 'x'] = group.sample;
    const own = verdictOf(quote(family), character)?.font?.familyName;
    const fallback = verdictOf(quote(ABSENT), character)?.font?.familyName;
    const present = own !== undefined && (own.toLowerCase() === family || own !== fallback);
    this.#present.set(family, present);
    if (present) return false;
    const used = verdictOf(group.stack, character)?.font;
    const instead = used ? `; ${nameOf(used)} was used instead` : '';
    warnings.add(
      'FONT_FALLBACK',
      `The font "${familyAsWritten(group.stack)}" is not here${instead} for "${group.sample}"`,
    );
    return true;
  }

  #reportCharacters(
    group: FontGroup,
    firstIsAbsent: boolean,
    declared: readonly string[],
    verdictOf: (stack: string, text: string) => Verdict | undefined,
    warnings: WarningList,
  ): void {
    const missing: string[] = [];
    const byFont = new Map<string, string[]>();
    const stack = familiesOf(group.stack);
    const ownFont = declared.includes(firstFamily(group.stack));
    for (const character of group.characters) {
      const verdict = verdictOf(group.stack, character);
      if (!verdict) continue;
      if (verdict.missing) {
        missing.push(character);
        continue;
      }
      const { font } = verdict;
      if (!font || font.isCustomFont || firstIsAbsent) continue;
      const family = font.familyName.toLowerCase();
      // Ours are the same on every machine, so a document that relies on them is no worse for it.
      if (!ownFont && (this.#shipped.has(family) || stack.includes(family))) continue;
      const list = byFont.get(font.familyName) ?? [];
      byFont.set(font.familyName, list);
      list.push(character);
    }
    if (missing.length > 0) {
      warnings.add(
        'GLYPH_MISSING',
        `No font here has ${shownCharacters(missing)}; boxes stand in their place`,
      );
    }
    for (const [font, characters] of byFont) {
      warnings.add(
        'FONT_FALLBACK',
        `"${familyAsWritten(group.stack)}" does not have ${shownCharacters(characters)}; "${font}" was used instead`,
      );
    }
  }
}

async function evaluate<T>(session: CdpSession, expression: string): Promise<T> {
  const reply = await session.send('Runtime.evaluate', { expression, returnByValue: true });
  const details = reply['exceptionDetails'] as { readonly text: string } | undefined;
  if (details) throw new CdpError('Runtime.evaluate', details.text);
  return (reply['result'] as { readonly value: T }).value;
}

const OBJECTS = 'influxion-fonts';

/** Which font sets each probe, as DevTools tells it. */
async function usedFonts(
  session: CdpSession,
  probes: readonly FontProbe[],
): Promise<(UsedFont | undefined)[]> {
  const [placed] = await Promise.all([
    session.send('Runtime.evaluate', { expression: placeProbesScript(probes), objectGroup: OBJECTS }),
    session.send('DOM.enable'),
    session.send('CSS.enable'),
    session.send('DOM.getDocument', { depth: 0 }),
  ]);
  const { objectId } = placed['result'] as { readonly objectId: string };
  const properties = await session.send('Runtime.getProperties', { objectId, ownProperties: true });
  const elements = (properties['result'] as { name: string; value?: { objectId?: string } }[]).filter(
    ({ name }) => /^\d+$/.test(name),
  );
  const fonts = await Promise.all(
    elements.map(async ({ value }) => {
      const { nodeId } = await session.send('DOM.requestNode', { objectId: value?.objectId });
      const reply = await session.send('CSS.getPlatformFontsForNode', { nodeId });
      return (reply['fonts'] as UsedFont[])[0];
    }),
  );
  await Promise.all([
    session.send('Runtime.evaluate', { expression: removeProbesScript }),
    session.send('Runtime.releaseObjectGroup', { objectGroup: OBJECTS }),
    session.send('CSS.disable'),
    session.send('DOM.disable'),
  ]);
  return fonts;
}

const quote = (family: string): string => `"${family.replaceAll(/["\\]/g, '')}"`;

const nameOf = (font: UsedFont): string =>
  font.isCustomFont ? 'a font of @font-face' : `"${font.familyName}"`;

/** Of a computed `font-family`: families that it names, and what stands for them here, lower case. */
function familiesOf(stack: string): string[] {
  const families = [...stack.matchAll(/"([^"]*)"|([^",]+)/g)].map((match) =>
    (match[1] ?? match[2] ?? '').trim(),
  );
  return families.flatMap((family) => [
    family.toLowerCase(),
    ...Object.entries(FONT_ALIASES).flatMap(([alias, real]) =>
      alias.toLowerCase() === family.toLowerCase() ? [real.toLowerCase()] : [],
    ),
  ]);
}

const familyAsWritten = (stack: string): string => /^\s*"?([^",]*)/.exec(stack)?.[1]?.trim() ?? stack;

function shownCharacters(characters: readonly string[]): string {
  const shown = characters.slice(0, SHOWN_CHARACTERS).map((character) => {
    const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `${character} (U+${codePoint})`;
  });
  const more = characters.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
