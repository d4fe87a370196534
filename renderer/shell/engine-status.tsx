import { CircleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { StudioStatus } from '../../contract/studio/app.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { cx } from '../ui/cx.ts';
import { Popover } from '../ui/popover.tsx';
import { useShell } from './shell-store.ts';

type Engine = StudioStatus['engine'];

const STATES: Record<
  Engine['state'],
  { readonly text: string; readonly dot: 'ok' | 'run' | 'bad' | undefined }
> = {
  idle: { text: 'Engine asleep', dot: undefined },
  starting: { text: 'Engine starting', dot: 'run' },
  ready: { text: 'Engine ready', dot: 'ok' },
  failed: { text: 'Engine failed', dot: 'bad' },
  closed: { text: 'Engine closed', dot: undefined },
};

/** What prints; a problem can be read and copied. */
export function EngineStatus({ engine }: { readonly engine: Engine }): ReactElement {
  const go = useShell((state) => state.go);
  const { text, dot } = STATES[engine.state];
  const label = (
    <>
      <span className={cx('status-dot', dot !== undefined && `status-dot-${dot}`)} />
      {text}
    </>
  );
  if (engine.problem === null) {
    return (
      <span className="status-item" title={engine.product ?? undefined}>
        {label}
      </span>
    );
  }
  return (
    <Popover
      side="top"
      label="Problem of the engine"
      trigger={
        <button type="button" className="status-link">
          {label}
          <CircleAlert aria-hidden="true" />
        </button>
      }
    >
      <div className="engine-problem">
        <p>{engine.problem}</p>
        <div>
          <CopyButton size="s" text={engine.problem} what="the problem" />
          <Button size="s" onClick={() => go('settings')}>
            Diagnostics
          </Button>
        </div>
      </div>
    </Popover>
  );
}
