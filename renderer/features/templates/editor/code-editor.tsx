/** The editor of one file at a time; each keeps its cursor, scroll position and undo history. Loaded lazily. */
import { useEffect, useRef, type ReactElement } from 'react';
import type { TemplatesWorkspace } from '../templates-workspace.ts';
import { EDITOR_OPTIONS } from './editor-options.ts';
import { editorModels } from './editor-session.ts';
import { monaco } from './monaco.ts';
import { colourMustaches } from './mustache-colours.ts';
import { completeTags } from './template-typing.ts';

export interface CodeEditorProps {
  readonly workspace: TemplatesWorkspace;
  readonly path: string;
}

const viewStates = new WeakMap<monaco.editor.ITextModel, monaco.editor.ICodeEditorViewState>();

export function CodeEditor({ workspace, path }: CodeEditorProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined);
  const shownPath = useRef(path);

  useEffect(() => {
    if (holder.current === null) return;
    editorModels(workspace);
    const created = monaco.editor.create(holder.current, { ...EDITOR_OPTIONS, model: null });
    editor.current = created;
    const stopColours = colourMustaches(created);
    completeTags(created);
    created.onDidChangeCursorPosition(({ position }) =>
      workspace.setCursor({ path: shownPath.current, line: position.lineNumber, column: position.column }),
    );
    created.onDidBlurEditorText(() => void workspace.saveNow());
    return () => {
      keepView(created);
      stopColours();
      created.dispose();
      editor.current = undefined;
    };
  }, [workspace]);

  useEffect(() => {
    const current = editor.current;
    if (current === undefined) return;
    shownPath.current = path;
    const models = editorModels(workspace);
    const show = (): void => {
      const model = models.get(path) ?? null;
      if (current.getModel() === model) return;
      keepView(current);
      current.setModel(model);
      const kept = model === null ? undefined : viewStates.get(model);
      if (kept !== undefined) current.restoreViewState(kept);
      current.updateOptions({ ariaLabel: `Editor of ${path}` });
    };
    show();
    const reveal = (): void => {
      const place = workspace.store.getState().reveal;
      if (place?.path !== path || current.getModel() === null) return;
      const position = { lineNumber: place.line, column: place.column ?? 1 };
      current.setPosition(position);
      current.revealPositionInCenterIfOutsideViewport(position);
      current.focus();
      workspace.revealed();
    };
    reveal();
    // A model goes away with its file or template, and comes back with them.
    return workspace.store.subscribe((state, before) => {
      if (state.texts !== before.texts || state.templateId !== before.templateId) show();
      if (state.reveal !== null) reveal();
    });
  }, [workspace, path]);

  return <div className="templates-editor" ref={holder} />;
}

function keepView(editor: monaco.editor.IStandaloneCodeEditor): void {
  const model = editor.getModel();
  const state = editor.saveViewState();
  if (model !== null && state !== null) viewStates.set(model, state);
}

/** Lays the text out as its language has it. False where that cannot be done. */
export async function formatDocument(): Promise<boolean> {
  const editors = monaco.editor.getEditors().filter((each) => each.getModel() !== null);
  const editor = editors.find((each) => each.hasWidgetFocus()) ?? editors[0];
  const action = editor?.getAction('editor.action.formatDocument');
  if (action?.isSupported() !== true) return false;
  await action.run();
  return true;
}
