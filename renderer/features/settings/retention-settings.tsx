import type { ReactElement } from 'react';
import type { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import { NumberField } from './number-field.tsx';

const BYTES_PER_GB = 1_000_000_000;
const MOST_DAYS = 3650;
const MOST_JOBS = 10_000_000;
const MOST_GB = 10_000;

export interface RetentionSettingsProps {
  readonly retention: Settings['retention'];
  readonly save: (patch: SettingsPatch) => void;
}

export function RetentionSettings({ retention, save }: RetentionSettingsProps): ReactElement {
  const set = (patch: NonNullable<SettingsPatch['retention']>): void => save({ retention: patch });
  return (
    <>
      <NumberField
        label="Keep for at most"
        unit="days"
        value={retention.max_age_days}
        min={1}
        max={MOST_DAYS}
        onCommit={(days) => set({ max_age_days: days })}
      />
      <NumberField
        label="Keep at most"
        unit="jobs"
        value={retention.max_jobs}
        min={1}
        max={MOST_JOBS}
        onCommit={(jobs) => set({ max_jobs: jobs })}
      />
      <NumberField
        label="Use at most"
        unit="GB on the disk"
        value={Math.max(1, Math.round(retention.max_bytes / BYTES_PER_GB))}
        min={1}
        max={MOST_GB}
        onCommit={(gigabytes) => set({ max_bytes: gigabytes * BYTES_PER_GB })}
      />
    </>
  );
}
