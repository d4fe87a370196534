import type { ReactElement, ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label'> {
  /** What it does: its name for a screen reader and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** As in `Command.shortcut`, shown in the tooltip. */
  readonly shortcut?: string;
  /** For a button that switches something on and off. */
  readonly pressed?: boolean;
}

/** A button that shows only an icon; quiet unless told otherwise. */
export function IconButton({
  label,
  icon,
  shortcut,
  pressed,
  className,
  variant = 'quiet',
  ...rest
}: IconButtonProps): ReactElement {
  return (
    <Tooltip text={label} {...(shortcut !== undefined && { shortcut })}>
      <Button
        {...rest}
        variant={variant}
        className={cx('ui-icon-button', className)}
        aria-label={label}
        aria-pressed={pressed}
        icon={icon}
      />
    </Tooltip>
  );
}
