import { useMemo, useState, type ReactElement } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';
import { Input } from '../../../ui/input.tsx';
import { moveInList } from '../screen/list-keys.ts';
import { useWorkspace } from '../screen/workspace-context.tsx';
import { sampleNames, textPaths } from '../templates-state.ts';

interface Target {
  readonly label: string;
  readonly where: string;
  readonly run: () => void;
}

/** Letters in order, anywhere: `inv` finds `Invoice`, `ptot` finds `partials/totals`. */
function matches(label: string, typed: string): boolean {
  let at = 0;
  const text = label.toLowerCase();
  for (const letter of typed.toLowerCase().replace(/\s/g, '')) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

const MAX_SHOWN = 50;

/** Files of the open template, its samples, other templates. */
export function QuickOpen({ onClose }: { readonly onClose: () => void }): ReactElement {
  const workspace = useWorkspace();
  const [typed, setTyped] = useState('');
  const targets = useMemo((): Target[] => {
    const state = workspace.store.getState();
    return [
      ...textPaths(state).map((path) => ({
        label: path,
        where: 'file',
        run: () => workspace.show({ kind: 'file', path }),
      })),
      ...sampleNames(state).map((name) => ({
        label: name,
        where: 'sample',
        run: () => {
          workspace.chooseSample(name);
          workspace.show({ kind: 'data' });
        },
      })),
      ...(state.list ?? []).map(({ id, name }) => ({
        label: name,
        where: 'template',
        run: () => void workspace.openTemplate(id),
      })),
    ];
  }, [workspace]);
  const shown = targets.filter(({ label }) => matches(label, typed)).slice(0, MAX_SHOWN);
  const go = (target: Target | undefined): void => {
    if (target === undefined) return;
    onClose();
    target.run();
  };
  return (
    <Dialog open onClose={onClose} title="Go to file">
      <div className="templates-quick" onKeyDown={moveInList}>
        <Input
          data-row
          aria-label="File, sample or template"
          placeholder="File, sample or template"
          value={typed}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(shown[0]);
          }}
        />
        <ul>
          {shown.map((target, index) => (
            <li key={index}>
              <button type="button" data-row className="templates-file" onClick={() => go(target)}>
                <span className="templates-file-name">{target.label}</span>
                <span className="muted templates-quick-where">{target.where}</span>
              </button>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p className="muted">Nothing is called “{typed}”.</p>}
      </div>
    </Dialog>
  );
}
