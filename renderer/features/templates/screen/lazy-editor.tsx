/** The editors come after the first paint. */
import { lazy, Suspense, type ReactElement } from 'react';
import { Spinner } from '../../../ui/spinner.tsx';
import type { CodeEditorProps } from '../editor/code-editor.tsx';
import type { DiffViewProps } from '../editor/diff-view.tsx';

const loadEditor = () => import('../editor/code-editor.tsx');
const Editor = lazy(async () => ({ default: (await loadEditor()).CodeEditor }));
const Diff = lazy(async () => ({ default: (await import('../editor/diff-view.tsx')).DiffView }));

const Waiting = (
  <div className="templates-waiting">
    <Spinner label="Loading the editor" />
  </div>
);

export const CodeEditor = (props: CodeEditorProps): ReactElement => (
  <Suspense fallback={Waiting}>
    <Editor {...props} />
  </Suspense>
);

export const DiffView = (props: DiffViewProps): ReactElement => (
  <Suspense fallback={Waiting}>
    <Diff {...props} />
  </Suspense>
);

export const formatDocument = async (): Promise<void> => (await loadEditor()).formatDocument();
