import { useId, type ReactElement, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, type DialogProps } from './dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import './form-dialog.css';

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'size' | 'onClose'> {
  /** The fields. */
  readonly children: ReactNode;
  /** What the button says: "Add client". */
  readonly submit: string;
  /** Default true. */
  readonly isReady?: boolean;
  readonly state: FormState;
  /** Title of the failure: "The client was not added". */
  readonly failed: string;
  /** The fields tell of their faults themselves, not the browser. */
  readonly noValidate?: boolean;
  /** Not called while the form is not ready, or busy. */
  readonly onSubmit: () => void;
}

/** What a form is at, or why it was refused. */
export type FormState = 'idle' | 'busy' | Error;

/** A form over the studio that asks for something once. */
export function FormDialog(props: FormDialogProps): ReactElement {
  const { children, submit, isReady = true, state, failed, noValidate, onSubmit, onClose, ...dialog } = props;
  const id = useId();
  const isBusy = state === 'busy';
  return (
    <Dialog
      {...dialog}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={id} busy={isBusy} disabled={!isReady}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="ui-form"
        noValidate={noValidate}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isBusy) onSubmit();
        }}
      >
        {children}
        {state instanceof Error && <FailureNote title={failed} failure={state} />}
      </form>
    </Dialog>
  );
}
