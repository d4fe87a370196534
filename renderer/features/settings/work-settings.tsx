import type { ReactElement } from 'react';
import type { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import { NumberField } from './number-field.tsx';
import { OptionalNumberField } from './optional-number-field.tsx';

const MOST_WORKERS = 64;
const LEAST_MB = 200;
const MOST_MB = 1_000_000;
const MOST_QUEUED = 1_000_000;
const MOST_MINUTES = 1440;
const MOST_BODY_MB = 500;

export interface WorkSettingsProps {
  readonly work: Settings['work'];
  readonly save: (patch: SettingsPatch) => void;
}

/** How much this computer takes on. */
export function WorkSettings({ work, save }: WorkSettingsProps): ReactElement {
  const set = (patch: NonNullable<SettingsPatch['work']>): void => save({ work: patch });
  return (
    <>
      <OptionalNumberField
        label="Documents at once"
        help="Each has a browser process of its own. For example 1 on a laptop that should stay free for other work. After a restart."
        otherwise="One a core"
        value={work.concurrency}
        min={1}
        max={MOST_WORKERS}
        onCommit={(concurrency) => set({ concurrency })}
      />
      <OptionalNumberField
        label="Memory for one document"
        help="A document that needs more while it is printed fails and says so, for example 1000. Left empty, 60 % of this computer's memory is shared out among them. After a restart."
        otherwise="Automatic"
        unit="MB"
        value={work.print_memory_mb}
        min={LEAST_MB}
        max={MOST_MB}
        onCommit={(print_memory_mb) => set({ print_memory_mb })}
      />
      <NumberField
        label="Waiting at most"
        help="More jobs are refused with the advice to send them again later. At once."
        unit="jobs"
        value={work.max_queued}
        min={1}
        max={MOST_QUEUED}
        onCommit={(max_queued) => set({ max_queued })}
      />
      <NumberField
        label="Stop an attempt after"
        help="Whatever the request itself allows, for example 15. After a restart."
        unit="minutes"
        value={work.attempt_minutes}
        min={1}
        max={MOST_MINUTES}
        onCommit={(attempt_minutes) => set({ attempt_minutes })}
      />
      <NumberField
        label="A request may have"
        help="Data and assets of one call of the API, for example 32. After a restart."
        unit="MB"
        value={work.body_mb}
        min={1}
        max={MOST_BODY_MB}
        onCommit={(body_mb) => set({ body_mb })}
      />
    </>
  );
}
