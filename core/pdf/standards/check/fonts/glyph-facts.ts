/** What the rules ask about one code of a font. */
export interface GlyphFacts {
  /** The font program has it; undefined when there is no program that could tell. */
  readonly isPresent: boolean | undefined;
  /** The text is shown with the glyph `.notdef`. */
  readonly isNotdef: boolean;
  /** In thousandths of an em; undefined without a font program. */
  readonly widths: { readonly stated: number; readonly program: number } | undefined;
  /** Undefined when no Unicode text can be found. */
  readonly unicode: string | undefined;
  /** Unicode text as ISO 19005-1 §6.3.8 finds it, which is stricter for some fonts. */
  readonly hasUnicode1: boolean;
}
