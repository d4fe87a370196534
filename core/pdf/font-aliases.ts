/**
 * Families that documents ask for by habit, and the metric-compatible ones that ship with the product: same widths, so
 * the same line breaks and pages.
 */
export const FONT_ALIASES: Readonly<Record<string, string>> = {
  Arial: 'Arimo',
  Helvetica: 'Arimo',
  'Helvetica Neue': 'Arimo',
  'Liberation Sans': 'Arimo',
  'Times New Roman': 'Tinos',
  Times: 'Tinos',
  'Liberation Serif': 'Tinos',
  'Courier New': 'Cousine',
  Courier: 'Cousine',
  'Liberation Mono': 'Cousine',
};

/** The families in `assets/fonts`, in the order in which they stand in for each other. */
export const SHIPPED_FAMILIES: readonly string[] = [
  'Arimo',
  'Inter',
  'Noto Sans Symbols 2',
  'Noto Sans Math',
  'Noto Emoji',
  'Cousine',
  'Inter Figures',
  'Source Serif 4',
  'Tinos',
];

/** What a generic family means, in order of preference. */
export const GENERIC_FONTS: Readonly<Record<string, readonly string[]>> = {
  'sans-serif': ['Arimo', 'Noto Sans'],
  'system-ui': ['Arimo', 'Noto Sans'],
  serif: ['Tinos', 'Noto Serif', 'Noto Sans'],
  monospace: ['Cousine', 'Noto Sans Mono'],
  emoji: ['Noto Emoji', 'Noto Color Emoji'],
};
