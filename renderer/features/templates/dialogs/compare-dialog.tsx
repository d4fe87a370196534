import type { ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DiffView } from '../screen/lazy-editor.tsx';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';

/** Both sides of a conflict, with the choice between them. */
export function CompareDialog({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}): ReactElement | null {
  const workspace = useWorkspace();
  const state = useTemplates((all) => all.saves[path]);
  const mine = useTemplates((all) => all.texts[path] ?? '');
  if (state?.kind !== 'conflict' || state.theirs === null) return null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={`${path} was changed elsewhere`}
      description="On the left as it is on the disk, on the right as you have it."
      footer={
        <>
          <Button
            onClick={() => {
              workspace.takeTheirs(path);
              onClose();
            }}
          >
            Take theirs
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              void workspace.keepMine(path);
              onClose();
            }}
          >
            Keep mine
          </Button>
        </>
      }
    >
      <div className="templates-compare">
        <DiffView path={path} before={state.theirs.text} after={mine} />
      </div>
    </Dialog>
  );
}
