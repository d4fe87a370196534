import { Search } from 'lucide-react';
import type { ComponentPropsWithRef, ReactElement } from 'react';
import { cx } from './cx.ts';
import './input.css';

export interface InputProps extends ComponentPropsWithRef<'input'> {
  /** For code, paths and numbers that are compared. */
  readonly mono?: boolean;
}

/** A line of text. Wrap it in a `Field`, or give it an `aria-label`. */
export function Input({ mono = false, className, ...rest }: InputProps): ReactElement {
  return <input type="text" {...rest} className={cx('ui-input', mono && 'ui-input-mono', className)} />;
}

export interface TextAreaProps extends ComponentPropsWithRef<'textarea'> {
  readonly mono?: boolean;
}

export function TextArea({ mono = false, className, ...rest }: TextAreaProps): ReactElement {
  return <textarea {...rest} className={cx('ui-input', mono && 'ui-input-mono', className)} />;
}

export interface SearchInputProps extends Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange'> {
  /** What is searched, for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Filters what stands beside it while it is typed; Escape empties it. */
export function SearchInput({
  label,
  value,
  onValue,
  className,
  onKeyDown,
  ...rest
}: SearchInputProps): ReactElement {
  return (
    <div className={cx('ui-search', className)}>
      <Search aria-hidden="true" />
      <input
        type="search"
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        {...rest}
        className="ui-input"
        aria-label={label}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.stopPropagation();
            onValue('');
          }
          onKeyDown?.(event);
        }}
      />
    </div>
  );
}
