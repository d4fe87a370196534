import { Popover as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './popover.css';

export interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** What it shows, for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'center' | 'end';
}

/** Details or a small form beside a button; Escape or a click elsewhere closes it. */
export function Popover({
  trigger,
  label,
  children,
  side = 'bottom',
  align = 'start',
}: PopoverProps): ReactElement {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="ui-popover"
          aria-label={label}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
