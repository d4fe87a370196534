import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import './dialog.css';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence under the title. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly footer?: ReactNode;
  /** 440, 720 or 1120 px wide. */
  readonly size?: 'm' | 'l' | 'xl';
}

/**
 * A question or form over the studio; Escape closes it and the focus goes back to where it came from. For a form put
 * `<form id="x">` inside and `<Button type="submit" form="x">` into the footer.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  size = 'm',
}: DialogProps): ReactElement {
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="ui-scrim" />
        <Radix.Content
          className={cx('ui-dialog', size !== 'm' && `ui-dialog-${size}`)}
          onOpenAutoFocus={focusFirst}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <div className="ui-dialog-head">
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close" icon={<X />} size="s" />
            </Radix.Close>
          </div>
          <div className="ui-dialog-body">
            {description !== undefined && (
              <Radix.Description className="muted">{description}</Radix.Description>
            )}
            {children}
          </div>
          {footer !== undefined && <div className="ui-dialog-foot">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The first control of the body, else the dialog itself: Close would show its tooltip. */
function focusFirst(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget as HTMLElement;
  const controls = dialog.querySelectorAll<HTMLElement>(
    '.ui-dialog-body :is(input, textarea, select, button)',
  );
  const first = [...controls].find((control) => !control.matches(':disabled'));
  (first ?? dialog).focus();
}
