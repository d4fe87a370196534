import type { ReactElement } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';

export interface TextOptionProps {
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly error: string | undefined;
  readonly value: unknown;
  /** Undefined when it was emptied. */
  readonly onValue: (value: string | undefined) => void;
}

/** A setting in one line; empty means that it is not set. */
export function TextOption({
  label,
  help,
  placeholder,
  error,
  value,
  onValue,
}: TextOptionProps): ReactElement {
  return (
    <Field label={label} error={error} help={help}>
      {(control) => (
        <Input
          {...control}
          placeholder={placeholder}
          spellCheck={false}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onValue(event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </Field>
  );
}
