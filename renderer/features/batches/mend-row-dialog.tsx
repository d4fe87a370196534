import { useState, type ReactElement } from 'react';
import type { BatchRow } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';
import { parseJson } from '../../ui/json-text.ts';
import { Spinner } from '../../ui/spinner.tsx';

export interface MendRowDialogProps {
  readonly host: StudioHost;
  readonly batchId: number;
  readonly row: BatchRow;
  readonly onClose: () => void;
}

/** The data of a row that failed, to be put right and run again. */
export function MendRowDialog({ host, batchId, row, onClose }: MendRowDialogProps): ReactElement {
  const { data, failure: unread } = useRoute('batches.row', { id: batchId, row: row.row });
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | undefined>(undefined);
  const given = data === undefined ? undefined : JSON.stringify(data.row.data ?? {}, null, 2);
  const text = typed ?? given ?? '';
  const parsed = parseJson(text);
  const isOther = typed !== undefined && typed !== given;
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const input = { id: batchId, row: row.row, ...(isOther && { data: text }) };
      await host.request('batches.retry_row', input);
      onClose();
    } catch (error) {
      setFailure(error as Error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      size="l"
      title={`Row ${row.row}`}
      description={row.error ?? 'It failed.'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={isBusy}
            disabled={given === undefined || !parsed.ok}
            onClick={() => void run()}
          >
            {isOther ? 'Run it with this data' : 'Run it again'}
          </Button>
        </>
      }
    >
      {unread !== undefined && <FailureNote title="The row cannot be read" failure={unread} />}
      {given === undefined ? (
        unread === undefined && <Spinner label="Reading the row" />
      ) : (
        <Field
          label="Data"
          help="What the template gets for this row alone; the table stays as it is."
          error={parsed.ok ? undefined : parsed.message}
        >
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={16}
              spellCheck={false}
              value={text}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
      )}
      {failure !== undefined && <FailureNote title="It was not run" failure={failure} />}
    </Dialog>
  );
}
