import { ChevronDown } from 'lucide-react';
import type { ComponentPropsWithRef, ReactElement } from 'react';
import { cx } from './cx.ts';
import './select.css';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
  /** Heading above it; options of the same group stand together. */
  readonly group?: string;
}

export interface SelectProps<Value extends string> extends Omit<
  ComponentPropsWithRef<'select'>,
  'value' | 'onChange' | 'children' | 'size'
> {
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onValue: (value: Value) => void;
  readonly size?: 's' | 'm';
}

/** One of some values: the browser's own list, so that it is at home on each system. Needs a `Field` or an `aria-label`. */
export function Select<Value extends string>({
  value,
  options,
  onValue,
  size = 'm',
  className,
  ...rest
}: SelectProps<Value>): ReactElement {
  return (
    <span className={cx('ui-select', size === 's' && 'ui-select-s', className)}>
      <select {...rest} value={value} onChange={(event) => onValue(event.target.value as Value)}>
        {groupsOf(options).map(([group, members]) =>
          group === undefined ? (
            members.map((option) => <Item key={option.value} {...option} />)
          ) : (
            <optgroup key={group} label={group}>
              {members.map((option) => (
                <Item key={option.value} {...option} />
              ))}
            </optgroup>
          ),
        )}
      </select>
      <ChevronDown aria-hidden="true" />
    </span>
  );
}

const Item = ({ value, label, disabled }: SelectOption<string>): ReactElement => (
  <option value={value} disabled={disabled}>
    {label}
  </option>
);

const groupsOf = <Value extends string>(
  options: readonly SelectOption<Value>[],
): readonly (readonly [string | undefined, readonly SelectOption<Value>[]])[] =>
  [...new Set(options.map(({ group }) => group))].map((name) => [
    name,
    options.filter(({ group }) => group === name),
  ]);
