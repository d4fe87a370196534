import { useState, type ReactElement } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

export interface AddressesFieldProps {
  readonly value: readonly string[];
  readonly onCommit: (addresses: string[]) => void;
}

/** IP addresses of this computer; the host checks them and says which one is wrong. */
export function AddressesField({ value, onCommit }: AddressesFieldProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const commit = (): void => {
    if (draft === undefined) return;
    setDraft(undefined);
    const addresses = draft.split(/[\s,]+/).filter((part) => part !== '');
    if (addresses.join() !== value.join()) onCommit(addresses);
  };
  return (
    <Field
      label="Addresses of this computer"
      help="Where the network may reach it, parted by commas. Empty: all addresses."
    >
      {(control) => (
        <Input
          {...control}
          mono
          spellCheck={false}
          placeholder="All addresses"
          value={draft ?? value.join(', ')}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setDraft(undefined);
          }}
        />
      )}
    </Field>
  );
}
