import type { monaco } from './monaco.ts';

/** As every editor of the studio looks. */
export const EDITOR_OPTIONS = {
  automaticLayout: true,
  fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  smoothScrolling: false,
  fixedOverflowWidgets: true,
  wordWrap: 'on',
  tabSize: 2,
  quickSuggestions: { other: true, comments: false, strings: true },
  // Words of the text would drown what the data has.
  wordBasedSuggestions: 'off',
  suggest: { showWords: false, preview: false },
  bracketPairColorization: { enabled: false },
  // Dashes and typographic quotes are what documents are made of; invisible characters are still marked.
  unicodeHighlight: { ambiguousCharacters: false },
  // Else the number of an empty last line is too pale to be read.
  renderFinalNewline: 'on',
  guides: { indentation: true },
  stickyScroll: { enabled: false },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
  accessibilitySupport: 'auto',
} satisfies monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions;
