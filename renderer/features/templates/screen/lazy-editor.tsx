/** The editors come after the first paint. */
import { lazy, Suspense, type ReactElement } from 'react';
import { Spinner } from '../../../ui/spinner.tsx';
import { toast } from '../../../ui/toast.tsx';
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

/** Of the editor that is shown. */
export async function formatDocument(): Promise<void> {
  const { formatDocument: format } = await loadEditor();
  if (await format()) return;
  toast({
    title: 'This file cannot be formatted',
    detail: 'HTML, partials and JSON can. Style sheets cannot, for mustaches would be torn apart.',
  });
}
