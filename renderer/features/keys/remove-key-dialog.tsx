import { useState, type ReactElement } from 'react';
import { useHost } from '../../host/host-context.tsx';
import { HostFailure } from '../../host/studio-host.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';

export interface RemoveKeyDialogProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Asks before a private key is gone for good. */
export function RemoveKeyDialog({ id, onClose, onRemoved }: RemoveKeyDialogProps): ReactElement {
  const host = useHost();
  const [state, setState] = useState<'idle' | 'busy' | Error>('idle');
  const remove = (): void => {
    setState('busy');
    host.request('keys.remove', { id }).then(onRemoved, (error: unknown) => {
      if (error instanceof HostFailure && error.code === 'KEY_NOT_FOUND') onRemoved();
      else setState(error instanceof Error ? error : new Error(String(error)));
    });
  };
  return (
    <ConfirmDialog
      open
      danger
      title={`Remove ${id}?`}
      confirm="Remove key"
      busy={state === 'busy'}
      onConfirm={remove}
      onCancel={onClose}
    >
      <p>
        Its private key is deleted and cannot be brought back. Documents that it signed stay valid; templates
        and requests that name it fail until they name another.
      </p>
      {state instanceof Error && <FailureNote title="The key was not removed" failure={state} />}
    </ConfirmDialog>
  );
}
