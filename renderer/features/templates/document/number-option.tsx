import { useState, type ReactElement } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';

export interface NumberOptionProps {
  readonly label: string;
  readonly value: unknown;
  readonly onValue: (value: number) => void;
}

/** A number that is kept as soon as what is typed is one. */
export function NumberOption({ label, value, onValue }: NumberOptionProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? (typeof value === 'number' ? String(value) : '');
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  return (
    <Field label={label} error={isNumber ? undefined : 'A number'}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setDraft(target.value);
            const number = Number(target.value);
            if (target.value.trim() !== '' && Number.isFinite(number)) onValue(number);
          }}
          onBlur={() => isNumber && setDraft(undefined)}
        />
      )}
    </Field>
  );
}
