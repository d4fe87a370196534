/** Two texts side by side, read only. Loaded lazily. */
import { useEffect, useRef, type ReactElement } from 'react';
import { EDITOR_OPTIONS } from './editor-options.ts';
import { followTheme } from './editor-theme.ts';
import { languageOf, monaco } from './monaco.ts';

export interface DiffViewProps {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export function DiffView({ path, before, after }: DiffViewProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holder.current === null) return;
    followTheme();
    const language = languageOf(path);
    const original = monaco.editor.createModel(before, language);
    const modified = monaco.editor.createModel(after, language);
    const editor = monaco.editor.createDiffEditor(holder.current, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      hideUnchangedRegions: { enabled: true },
      originalAriaLabel: 'Before',
      modifiedAriaLabel: 'After',
    });
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [path, before, after]);
  return <div className="templates-diff" ref={holder} />;
}
