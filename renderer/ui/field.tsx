import { useId, type ReactElement, type ReactNode } from 'react';
import './field.css';

/** What a `Field` gives to its control: spread it on Input, TextArea or Select. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

export interface FieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  /** What is wrong with the value and how to put it right. */
  readonly error?: string | undefined;
  readonly children: (control: FieldControl) => ReactNode;
}

/** A control with its label, help and error: `<Field label="Name">{(control) => <Input {...control} … />}</Field>`. */
export function Field({ label, help, error, children }: FieldProps): ReactElement {
  const id = useId();
  const describedBy = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`].filter(
    (part) => part !== false,
  );
  return (
    <div className="ui-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error !== undefined && (
        <p className="ui-field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {help !== undefined && (
        <p className="ui-field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}
