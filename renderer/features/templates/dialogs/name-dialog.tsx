import { useId, useState, type ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';
import { messageOf } from '../templates-workspace.ts';

export interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly help?: string;
  readonly start?: string;
  /** The verb on the button. */
  readonly action: string;
  /** A rejection is shown under the field, and the dialog stays. */
  readonly onName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

export function NameDialog({
  title,
  label,
  help,
  start = '',
  action,
  onName,
  onClose,
}: NameDialogProps): ReactElement {
  const form = useId();
  const [name, setName] = useState(start);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    if (name.trim() === '') {
      setError('Type a name.');
      return;
    }
    setBusy(true);
    try {
      await onName(name.trim());
      onClose();
    } catch (thrown) {
      setError(messageOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" busy={isBusy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={label} error={error} help={help}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={100}
              autoFocus
              spellCheck={false}
              autoComplete="off"
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                setName(event.target.value);
                setError(undefined);
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
