import type { ReactElement } from 'react';
import { SettingsPatch, type Settings } from '../../../contract/studio/app.ts';
import { RadioList } from '../../ui/radio-list.tsx';
import { LineField } from './line-field.tsx';
import { ServerPassword } from './server-password.tsx';

const REVOCATION = [
  { value: 'off', label: 'Ask nobody', help: 'Signatures reach level B-T at most.' },
  {
    value: 'from-certificates',
    label: 'Ask whom the certificates name',
    help: 'Each certificate says where its issuer answers (OCSP, CRL). Signatures can reach B-LT and B-LTA.',
  },
  {
    value: 'hosts',
    label: 'Ask only these hosts',
    help: 'As above, but no other host is ever reached.',
  },
] as const;

export interface SigningSettingsProps {
  readonly signing: Settings['signing'];
  readonly save: (patch: SettingsPatch) => void;
}

const isUrl = (url: string): boolean => SettingsPatch.safeParse({ signing: { time_stamp_url: url } }).success;

/** Whom signatures may reach: a time-stamp server, and who tells that certificates were not revoked. */
export function SigningSettings({ signing, save }: SigningSettingsProps): ReactElement {
  const set = (patch: NonNullable<SettingsPatch['signing']>): void => save({ signing: patch });
  const { time_stamp_url: url, time_stamp_user: user, revocation, revocation_hosts: hosts } = signing;
  return (
    <>
      <LineField
        label="Time-stamp server"
        help="It proves when a document was signed (RFC 3161); only a hash is sent to it. Without one no level above B-B can be made."
        placeholder="https://timestamp.example.com"
        value={url ?? ''}
        fault={(text) =>
          text === '' || isUrl(text) ? undefined : 'An address that begins with http:// or https://'
        }
        onCommit={(text) => set({ time_stamp_url: text === '' ? null : text })}
      />
      {url !== null && (
        <>
          <LineField
            label="User there"
            help="Empty when the server asks for none."
            value={user ?? ''}
            onCommit={(text) => set({ time_stamp_user: text === '' ? null : text })}
          />
          {user !== null && <ServerPassword />}
        </>
      )}
      <RadioList
        label="Proof that certificates are not revoked"
        options={REVOCATION}
        value={revocation}
        onValue={(value) => set({ revocation: value })}
      />
      {revocation === 'hosts' && (
        <LineField
          label="Hosts"
          help="Parted by commas."
          placeholder="ocsp.example.com, crl.example.com"
          value={hosts.join(', ')}
          onCommit={(text) => set({ revocation_hosts: text.split(/[\s,]+/).filter((host) => host !== '') })}
        />
      )}
    </>
  );
}
