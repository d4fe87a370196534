import { useState } from 'react';
import type { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { useHost } from '../../host/host-context.tsx';
import { HostFailure } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';

export interface SettingsOfHost {
  readonly settings: Settings | undefined;
  /** Why they could not be read or the last change was not kept. */
  readonly failure: HostFailure | undefined;
  readonly save: (patch: SettingsPatch) => void;
}

const areOther = (event: StudioEvent): boolean => event.type === 'settings.changed';

const merged = (settings: Settings, patch: SettingsPatch): Settings => ({
  theme: patch.theme ?? settings.theme,
  api: { ...settings.api, ...defined(patch.api) },
  signing: withPatch(settings.signing, patch.signing),
  work: withPatch(settings.work, patch.work),
  webhooks: { ...settings.webhooks, ...defined(patch.webhooks) },
  retention: { ...settings.retention, ...defined(patch.retention) },
});

const defined = <Part extends object>(
  part: Part | undefined,
): { [Key in keyof Part]?: NonNullable<Part[Key]> } =>
  Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Part]?: NonNullable<Part[Key]>;
  };

/** Where null is a value. */
const withPatch = <Part extends object>(
  part: Part,
  patch: { [Key in keyof Part]?: Part[Key] | undefined } | undefined,
): Part => ({
  ...part,
  ...(Object.fromEntries(
    Object.entries(patch ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<Part>),
});

interface Pending {
  readonly settings: Settings;
  /** What it was changed from: an answer that is newer goes before. */
  readonly base: Settings;
}

/** The settings of the host. A change is shown at once, and taken back when the host refuses it. */
export function useSettings(): SettingsOfHost {
  const host = useHost();
  const { data, failure: readFailure, refresh } = useRoute('settings.read', {}, { refreshOn: areOther });
  const [pending, setPending] = useState<Pending>();
  const [saveFailure, setSaveFailure] = useState<HostFailure>();
  const settings = pending !== undefined && pending.base === data ? pending.settings : data;

  const save = (patch: SettingsPatch): void => {
    if (settings !== undefined && data !== undefined) {
      setPending({ settings: merged(settings, patch), base: data });
    }
    const refused = (error: unknown): void => {
      setPending(undefined);
      setSaveFailure(error instanceof HostFailure ? error : new HostFailure(String(error), undefined, error));
    };
    host
      .request('settings.write', { patch })
      .then(() => setSaveFailure(undefined), refused)
      .finally(refresh);
  };
  return { settings, failure: saveFailure ?? readFailure, save };
}
