import { useState, type ReactElement } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly help?: string;
  /** After the number: "days". */
  readonly unit?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onCommit: (value: number) => void;
}

/** A whole number that takes effect when the field is left or Enter is pressed. */
export function NumberField({
  label,
  help,
  unit,
  value,
  min,
  max,
  onCommit,
}: NumberFieldProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? String(value);
  const number = Number(text);
  const isRight = text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max;
  const commit = (): void => {
    if (!isRight) return;
    setDraft(undefined);
    if (number !== value) onCommit(number);
  };
  return (
    <Field
      label={label}
      help={help}
      error={
        isRight
          ? undefined
          : `A whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`
      }
    >
      {(control) => (
        <span className="number-field">
          <Input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            value={text}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape') setDraft(undefined);
            }}
          />
          {unit}
        </span>
      )}
    </Field>
  );
}
