import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Kbd } from './kbd.tsx';
import './tooltip.css';

const DELAY_MS = 500;

export interface TooltipProps {
  readonly text: ReactNode;
  /** As in `Command.shortcut`. */
  readonly shortcut?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref and can have the focus. */
  readonly children: ReactElement;
}

/** A short text on hover and focus. It repeats or adds, it is never the only place where something is said. */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps): ReactElement {
  return (
    <Radix.Provider delayDuration={DELAY_MS} disableHoverableContent>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="ui-tooltip" side={side} sideOffset={4} collisionPadding={8}>
            {text}
            {shortcut !== undefined && <Kbd shortcut={shortcut} />}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
