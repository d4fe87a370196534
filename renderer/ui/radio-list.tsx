import { useId, type ReactElement, type ReactNode } from 'react';
import './field.css';
import './radio-list.css';

export interface RadioOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** What choosing it means. */
  readonly help?: ReactNode;
}

export interface RadioListProps<Value extends string> {
  /** The question, for screen readers. */
  readonly label: string;
  readonly options: readonly RadioOption<Value>[];
  readonly value: Value;
  readonly onValue: (value: Value) => void;
}

/** One of some values that need a sentence each, below each other. */
export function RadioList<Value extends string>({
  label,
  options,
  value,
  onValue,
}: RadioListProps<Value>): ReactElement {
  const name = useId();
  return (
    <div className="ui-radio-list" role="radiogroup" aria-label={label}>
      {options.map((option, index) => (
        <label key={option.value} className="ui-radio">
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            aria-labelledby={`${name}-${index}`}
            aria-describedby={option.help === undefined ? undefined : `${name}-${index}-help`}
            onChange={() => onValue(option.value)}
          />
          <span id={`${name}-${index}`}>{option.label}</span>
          {option.help !== undefined && (
            <span className="ui-field-help" id={`${name}-${index}-help`}>
              {option.help}
            </span>
          )}
        </label>
      ))}
    </div>
  );
}
