/** The editor in the colours of the studio's tokens. */
import { currentTheme, onTheme } from '../../../ui/theme.ts';
import { monaco } from './monaco.ts';

const NAME = 'influxion';

const canvas = document.createElement('canvas').getContext('2d');

/** Monaco takes colours as `#rrggbb` only; a style sheet that was made smaller says `#fff` or `red`. */
function sixDigits(colour: string): string {
  if (canvas === null) return colour;
  canvas.fillStyle = colour;
  return canvas.fillStyle;
}

function define(): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => sixDigits(style.getPropertyValue(`--${name}`).trim());
  const rule = (scope: string, name: string, fontStyle?: string) => ({
    token: scope,
    foreground: token(name).replace('#', ''),
    ...(fontStyle !== undefined && { fontStyle }),
  });
  monaco.editor.defineTheme(NAME, {
    base: currentTheme() === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('', 'text'),
      rule('tag', 'syntax-tag'),
      rule('metatag', 'syntax-comment'),
      rule('attribute.name', 'syntax-attribute'),
      rule('attribute.value', 'syntax-string'),
      rule('attribute.value.number', 'syntax-number'),
      rule('attribute.value.unit', 'syntax-number'),
      rule('attribute.value.hex', 'syntax-number'),
      rule('string', 'syntax-string'),
      rule('string.key.json', 'syntax-attribute'),
      rule('string.value.json', 'syntax-string'),
      rule('number', 'syntax-number'),
      rule('keyword', 'syntax-tag'),
      rule('keyword.json', 'syntax-tag'),
      rule('keyword.helper.handlebars', 'syntax-expression', 'bold'),
      rule('variable.parameter.handlebars', 'syntax-expression'),
      rule('delimiter', 'muted'),
      rule('delimiter.handlebars', 'syntax-expression'),
      rule('comment', 'syntax-comment', 'italic'),
    ],
    colors: {
      'editor.background': token('surface'),
      'editor.foreground': token('text'),
      'editorLineNumber.foreground': token('muted'),
      'editorLineNumber.activeForeground': token('text'),
      'editor.lineHighlightBackground': token('ground'),
      'editor.lineHighlightBorder': '#00000000',
      'editorCursor.foreground': token('accent'),
      'editorGutter.background': token('surface'),
      'editorWidget.background': token('raised'),
      'editorWidget.foreground': token('text'),
      'editorWidget.border': token('line'),
      'editorSuggestWidget.selectedBackground': token('selected'),
      'editorSuggestWidget.selectedForeground': token('text'),
      'editorSuggestWidget.highlightForeground': token('accent'),
      'editorSuggestWidget.focusHighlightForeground': token('accent'),
      'editorHoverWidget.background': token('raised'),
      'editorHoverWidget.border': token('line'),
      'editorError.foreground': token('bad'),
      'editorWarning.foreground': token('warn'),
      'editorInfo.foreground': token('accent'),
      'editorBracketMatch.background': token('selected'),
      'editorBracketMatch.border': token('accent'),
      'editorIndentGuide.background1': token('line'),
      'editorOverviewRuler.border': token('line'),
      focusBorder: token('accent'),
      'input.background': token('surface'),
      'input.foreground': token('text'),
      'input.border': token('field-line'),
    },
  });
  monaco.editor.setTheme(NAME);
}

let isFollowing = false;

/** Sets the theme, now and whenever the studio's changes. */
export function followTheme(): void {
  if (isFollowing) return;
  isFollowing = true;
  define();
  onTheme(define);
}
