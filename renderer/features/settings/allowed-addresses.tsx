import { useState, type ReactElement } from 'react';
import type { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';

export interface AllowedAddressesProps {
  readonly webhooks: Settings['webhooks'];
  readonly save: (patch: SettingsPatch) => void;
}

/** Where webhooks may go; the host says which line is wrong. */
export function AllowedAddresses({ webhooks, save }: AllowedAddressesProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const kept = webhooks.allowed.join('\n');
  const text = draft ?? kept;
  const allowed = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    <>
      <Field
        label="Addresses that may be told"
        help={
          <>
            One a line: <code>hooks.example.com</code>, <code>*.example.com</code>, <code>10.0.0.7:8080</code>{' '}
            or the beginning of an address such as <code>https://erp.example.com/pdf/</code>. Empty: webhooks
            reach nobody. At once.
          </>
        }
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={4}
            spellCheck={false}
            value={text}
            onChange={(event) => setDraft(event.target.value)}
          />
        )}
      </Field>
      {allowed.join('\n') !== kept && (
        <div>
          <Button
            variant="primary"
            onClick={() => {
              save({ webhooks: { allowed } });
              setDraft(undefined);
            }}
          >
            Keep these addresses
          </Button>
        </div>
      )}
    </>
  );
}
