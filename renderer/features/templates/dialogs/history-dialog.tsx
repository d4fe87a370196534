/** What a file was before; also what was typed in earlier sessions. */
import { useEffect, useState, type ReactElement } from 'react';
import type { Snapshot } from '../../../../contract/studio/templates.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureNote } from '../../../ui/failure-note.tsx';
import { formatBytes } from '../../../ui/quantity.ts';
import { Spinner } from '../../../ui/spinner.tsx';
import { DiffView } from '../screen/lazy-editor.tsx';
import { moveInList } from '../screen/list-keys.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { asError } from '../templates-workspace.ts';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function HistoryDialog({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}): ReactElement {
  const workspace = useWorkspace();
  const id = useTemplates((state) => state.templateId);
  const now = useTemplates((state) => state.texts[path] ?? '');
  const [snapshots, setSnapshots] = useState<readonly Snapshot[]>();
  const [chosen, setChosen] = useState<Snapshot>();
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<Error>();

  useEffect(() => {
    if (id === null) return;
    const controller = new AbortController();
    const load = async (): Promise<void> => {
      // The snapshot of what is on the screen is taken by saving it.
      await workspace.saveNow();
      const answer = await workspace.host.request('history.list', { id, path }, controller.signal);
      setSnapshots(answer.snapshots);
      setChosen(answer.snapshots[0]);
    };
    load().catch((error: unknown) => controller.signal.aborted || setFailure(asError(error)));
    return () => controller.abort();
  }, [workspace, id, path]);

  useEffect(() => {
    if (id === null || chosen === undefined) return;
    const controller = new AbortController();
    workspace.host.request('history.read', { id, snapshot: chosen.id }, controller.signal).then(
      (answer) => setText(answer.text),
      (error: unknown) => controller.signal.aborted || setFailure(asError(error)),
    );
    return () => controller.abort();
  }, [workspace, id, chosen]);

  const restore = (): void => {
    if (text === undefined) return;
    workspace.edit(path, text);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={`History of ${path}`}
      description="On the left as it was, on the right as it is now. Going back is an edit: undo takes it back."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" disabled={text === undefined || text === now} onClick={restore}>
            Go back to this
          </Button>
        </>
      }
    >
      {failure !== undefined && <FailureNote failure={failure} title="The history could not be read" />}
      {snapshots === undefined && failure === undefined && <Spinner label="Reading the history" />}
      {snapshots?.length === 0 && <p className="muted">This file has not changed since it came here.</p>}
      {snapshots !== undefined && snapshots.length > 0 && (
        <div className="templates-history">
          <ul aria-label="Earlier versions" onKeyDown={moveInList}>
            {snapshots.map((snapshot) => (
              <li key={snapshot.id}>
                <button
                  type="button"
                  data-row
                  className="templates-file"
                  aria-current={snapshot.id === chosen?.id ? 'true' : undefined}
                  onClick={() => setChosen(snapshot)}
                >
                  <span className="templates-file-name">{TIME.format(new Date(snapshot.taken_at))}</span>
                  <span className="muted templates-quick-where">{formatBytes(snapshot.size)}</span>
                </button>
              </li>
            ))}
          </ul>
          {text !== undefined && <DiffView path={path} before={text} after={now} />}
        </div>
      )}
    </Dialog>
  );
}
