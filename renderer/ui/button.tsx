import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react';
import './button.css';
import { cx } from './cx.ts';
import { Spinner } from './spinner.tsx';

export type ButtonVariant = 'plain' | 'primary' | 'danger' | 'quiet';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** One primary button a screen; `danger` for what cannot be undone; `quiet` in bars and rows. */
  readonly variant?: ButtonVariant;
  /** `s` is 24 px high, `m` 28 px. */
  readonly size?: 's' | 'm';
  /** An icon of lucide-react, before the text. */
  readonly icon?: ReactNode;
  /** Shows a spinner and takes no clicks; the focus stays. */
  readonly busy?: boolean;
}

export function Button({
  variant = 'plain',
  size = 'm',
  icon,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...rest}
      className={cx('ui-button', `ui-button-${variant}`, size === 's' && 'ui-button-s', className)}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
