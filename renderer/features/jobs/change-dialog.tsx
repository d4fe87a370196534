import { useState, type ReactElement } from 'react';
import type { GenerateRequest } from '../../../contract/job.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { parseJson } from '../../ui/json-text.ts';
import { JsonArea } from './json-area.tsx';
import type { JobsDialog, JobsStore } from './jobs-store.ts';
import { useSubmit } from './use-submit.ts';

export interface ChangeDialogProps {
  readonly store: JobsStore;
  readonly dialog: Extract<JobsDialog, { kind: 'change' }>;
  readonly onClose: () => void;
}

/** Runs the request of a job once more, as edited. The host checks its form. */
export function ChangeDialog({ store, dialog, onClose }: ChangeDialogProps): ReactElement {
  const [text, setText] = useState(() => JSON.stringify(dialog.request, null, 2));
  const { sending, failure, send } = useSubmit(store);
  const parsed = parseJson(text);
  const run = (): void => {
    if (parsed.ok) send(parsed.value as GenerateRequest, onClose);
  };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={`Run job ${dialog.id} with changes`}
      description="A new job is made from this request; the old one stays as it is."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={sending} disabled={!parsed.ok} onClick={run}>
            Generate
          </Button>
        </>
      }
    >
      {dialog.missing.length > 0 && (
        <p className="jobs-dialog-note">
          These files came with the request and are not in it now: {dialog.missing.join(', ')}. Put them into
          “assets” in base64, or the document will lack them.
        </p>
      )}
      <JsonArea label="Request" autoFocus rows={20} value={text} onValue={setText} onSend={run} />
      {failure !== undefined && <FailureNote failure={failure} title="The job was not accepted" />}
    </Dialog>
  );
}
