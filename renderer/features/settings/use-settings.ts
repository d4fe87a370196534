import { useCallback, useState } from 'react';
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

/** The settings as the host keeps them. A change is shown once the host has taken it. */
export function useSettings(): SettingsOfHost {
  const host = useHost();
  const { data, failure: readFailure, refresh } = useRoute('settings.read', {}, { refreshOn: areOther });
  const [saveFailure, setSaveFailure] = useState<HostFailure>();
  const save = useCallback(
    (patch: SettingsPatch): void => {
      host.request('settings.write', { patch }).then(
        () => {
          setSaveFailure(undefined);
          refresh();
        },
        (error: unknown) => {
          setSaveFailure(
            error instanceof HostFailure ? error : new HostFailure(String(error), undefined, error),
          );
        },
      );
    },
    [host, refresh],
  );
  return { settings: data, failure: saveFailure ?? readFailure, save };
}
