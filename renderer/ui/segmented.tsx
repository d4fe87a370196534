import { useId, type ReactElement, type ReactNode } from 'react';
import './segmented.css';

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: ReactNode;
}

export interface SegmentedProps<Value extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly options: readonly Segment<Value>[];
  readonly value: Value;
  readonly onValue: (value: Value) => void;
}

/** One of two to four short words, side by side. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onValue,
}: SegmentedProps<Value>): ReactElement {
  const name = useId();
  return (
    <div className="ui-segmented" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onValue(option.value)}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}
