/** How a template names its images and fonts. */

const FORMATS: Readonly<Record<string, string>> = {
  ttf: 'truetype',
  otf: 'opentype',
  woff: 'woff',
  woff2: 'woff2',
};

const urlOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const baseName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.[^.]+$/, '');

export const imageTag = (path: string): string => `<img src="${urlOf(path)}" alt="">`;

const WEIGHTS: readonly (readonly [pattern: RegExp, weight: number])[] = [
  [/thin/i, 100],
  [/extra-?light/i, 200],
  [/semi-?bold|demi/i, 600],
  [/extra-?bold/i, 800],
  [/light/i, 300],
  [/medium/i, 500],
  [/black|heavy/i, 900],
  [/bold/i, 700],
];

/** Family, weight and style as the usual names of font files tell them: `EBGaramond-SemiBoldItalic.ttf`. */
export function fontFaceRule(path: string): string {
  const [family = '', style = ''] = baseName(path).split(/-(?=[^-]*$)/);
  const weight = WEIGHTS.find(([pattern]) => pattern.test(style))?.[1] ?? 400;
  const format = FORMATS[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'truetype';
  const name = family.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/["\\]/g, '');
  return [
    '@font-face {',
    `  font-family: "${name}";`,
    `  src: url("${urlOf(path)}") format("${format}");`,
    `  font-weight: ${weight};`,
    `  font-style: ${/italic|oblique/i.test(style) ? 'italic' : 'normal'};`,
    '}',
  ].join('\n');
}
