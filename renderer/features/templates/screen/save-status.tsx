import { Check, CircleAlert, PenLine } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { messageOf } from '../templates-workspace.ts';
import { useTemplates, useWorkspace } from './workspace-context.tsx';

/** Whether everything that was typed is on the disk. */
export function SaveStatus(): ReactElement | null {
  const saves = useTemplates((state) => state.saves);
  const savedAt = useTemplates((state) => state.savedAt);
  const states = Object.values(saves);
  const failed = states.some(({ kind }) => kind === 'failed' || kind === 'conflict');
  if (failed) {
    return (
      <span className="templates-save templates-save-bad" role="status">
        <CircleAlert aria-hidden="true" /> Not saved
      </span>
    );
  }
  if (states.length > 0) {
    return (
      <span className="templates-save" role="status">
        {/* Nothing that moves: it would be drawn at every frame while one types. */}
        <PenLine aria-hidden="true" /> Saving…
      </span>
    );
  }
  if (savedAt === undefined) return null;
  return (
    <span className="templates-save" role="status">
      <Check aria-hidden="true" /> Saved
    </span>
  );
}

/** What could not be saved, and the ways out. */
export function SaveNotices(): ReactElement {
  const workspace = useWorkspace();
  const saves = useTemplates((state) => state.saves);
  return (
    <>
      {Object.entries(saves).map(([path, state]) => {
        if (state.kind === 'failed') {
          return (
            <div key={path} className="templates-notice" role="alert">
              <p>
                <strong>{path} could not be saved.</strong> {messageOf(state.error)} Your edits are kept here
                and tried again by themselves.
              </p>
              <Button size="s" onClick={() => void workspace.saveNow()}>
                Try now
              </Button>
            </div>
          );
        }
        if (state.kind !== 'conflict') return null;
        return (
          <div key={path} className="templates-notice" role="alert">
            <p>
              <strong>
                {state.theirs === null
                  ? `${path} was deleted by another program.`
                  : `${path} was changed by another program or window.`}
              </strong>{' '}
              Your edits are kept here and not saved until you choose.
            </p>
            {state.theirs !== null && (
              <Button size="s" onClick={() => workspace.ask({ kind: 'compare', path })}>
                Compare
              </Button>
            )}
            <Button size="s" onClick={() => void workspace.keepMine(path)}>
              {state.theirs === null ? 'Write it again' : 'Keep mine'}
            </Button>
            {state.theirs !== null && (
              <Button size="s" onClick={() => workspace.takeTheirs(path)}>
                Take theirs
              </Button>
            )}
          </div>
        );
      })}
    </>
  );
}
