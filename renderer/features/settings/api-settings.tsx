import type { ReactElement } from 'react';
import type { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import { RadioList } from '../../ui/radio-list.tsx';
import { Switch } from '../../ui/toggle.tsx';
import { AddressesField } from './addresses-field.tsx';
import { NumberField } from './number-field.tsx';

const MODES = [
  { value: 'off', label: 'Off', help: 'Only this studio can generate documents.' },
  {
    value: 'computer',
    label: 'This computer only',
    help: 'Programs on this computer reach it, with a client id and secret.',
  },
  {
    value: 'lan',
    label: 'The local network',
    help: 'Other computers reach it over TLS. The studio itself is never open to them.',
  },
] as const;

const HIGHEST_PORT = 65_535;

export interface ApiSettingsProps {
  readonly api: Settings['api'];
  readonly save: (patch: SettingsPatch) => void;
}

export function ApiSettings({ api, save }: ApiSettingsProps): ReactElement {
  const set = (patch: NonNullable<SettingsPatch['api']>): void => save({ api: patch });
  return (
    <>
      <RadioList
        label="Who may use the API"
        options={MODES}
        value={api.mode}
        onValue={(mode) => set({ mode })}
      />
      {api.mode !== 'off' && (
        <NumberField
          label="Port on this computer"
          help="0 takes a free one at each start."
          value={api.port}
          min={0}
          max={HIGHEST_PORT}
          onCommit={(port) => set({ port })}
        />
      )}
      {api.mode === 'lan' && (
        <>
          <NumberField
            label="Port in the network"
            help="0 takes a free one at each start."
            value={api.lan_port}
            min={0}
            max={HIGHEST_PORT}
            onCommit={(port) => set({ lan_port: port })}
          />
          <AddressesField
            value={api.lan_addresses}
            onCommit={(addresses) => set({ lan_addresses: addresses })}
          />
          <Switch checked={api.announce} onChecked={(announce) => set({ announce })}>
            Announce it in the network (mDNS), so that others find it by name
          </Switch>
        </>
      )}
    </>
  );
}
