import { AlertDialog as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.tsx';
import './dialog.css';

export interface ConfirmDialogProps {
  readonly open: boolean;
  /** The question: "Delete 12 jobs?" */
  readonly title: string;
  /** What will happen and whether it can be undone. */
  readonly children: ReactNode;
  /** The verb of the question: "Delete". */
  readonly confirm: string;
  readonly cancel?: string;
  /** It takes something away. */
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before something that is hard to undo. The focus starts on Cancel. */
export function ConfirmDialog({
  open,
  title,
  children,
  confirm,
  cancel = 'Cancel',
  danger = false,
  busy = false,
  onConfirm,
  onCancel,
}: ConfirmDialogProps): ReactElement {
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onCancel()}>
      <Radix.Portal>
        <Radix.Overlay className="ui-scrim" />
        <Radix.Content className="ui-dialog">
          <div className="ui-dialog-head">
            <Radix.Title>{title}</Radix.Title>
          </div>
          <Radix.Description asChild>
            <div className="ui-dialog-body">{children}</div>
          </Radix.Description>
          <div className="ui-dialog-foot">
            <Radix.Cancel asChild>
              <Button>{cancel}</Button>
            </Radix.Cancel>
            <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
