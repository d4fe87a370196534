import { useState, type ReactElement, type ReactNode } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

export interface OptionalNumberFieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  /** After the number: "MB". */
  readonly unit?: string;
  /** What holds while it is empty: "one a processor core". */
  readonly otherwise: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly onCommit: (value: number | null) => void;
}

/** A whole number or none; it takes effect when the field is left or Enter is pressed. */
export function OptionalNumberField(props: OptionalNumberFieldProps): ReactElement {
  const { label, help, unit, otherwise, value, min, max, onCommit } = props;
  const [draft, setDraft] = useState<string>();
  const text = draft ?? (value === null ? '' : String(value));
  const number = text.trim() === '' ? null : Number(text);
  const isRight = number === null || (Number.isInteger(number) && number >= min && number <= max);
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
          : `Empty, or a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`
      }
    >
      {(control) => (
        <span className="number-field">
          <Input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            placeholder={otherwise}
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
