import { CirclePause, CirclePlay, Download, RotateCw, Trash2, X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Batch } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Details } from '../../ui/list-and-details.tsx';
import { formatBytes, formatDayAndTime, formatDuration } from '../../ui/quantity.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Spinner } from '../../ui/spinner.tsx';
import { standardNames } from '../../ui/standard-name.ts';
import { BatchRows } from './batch-rows.tsx';
import { count, countRows, endedRows, isOver, outputWords, paceWords, stateOf } from './batch-words.ts';
import { openBatch } from './batches-store.ts';
import { useBatch } from './use-batch.ts';

export interface BatchDetailsProps {
  readonly host: StudioHost;
  readonly id: number;
}

type Question = 'cancel' | 'remove';

/** One batch: how far it is, what it made, which rows failed and how they are mended. */
export function BatchDetails({ host, id }: BatchDetailsProps): ReactElement {
  const { batch, failure, refresh } = useBatch(host, id);
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const [question, setQuestion] = useState<Question | undefined>(undefined);
  if (batch === undefined) {
    return failure === undefined ? (
      <Spinner label="Reading the batch" />
    ) : (
      <FailureNote title="The batch could not be read" failure={failure} />
    );
  }
  const act = async (run: () => Promise<unknown>): Promise<void> => {
    setQuestion(undefined);
    try {
      await run();
      setRefused(undefined);
    } catch (error) {
      setRefused(error instanceof Error ? error : new Error(String(error)));
    }
    refresh();
  };
  return (
    <Details
      label={`Batch ${batch.title}`}
      title={batch.title}
      state={stateOf(batch)}
      actions={<Actions host={host} batch={batch} act={act} ask={setQuestion} />}
    >
      <Progress batch={batch} />
      {batch.problem !== null && (
        <p className="batch-problem" role="status">
          {batch.problem}
        </p>
      )}
      {batch.error !== null && (
        <p className="batch-row-problem" role="alert">
          {batch.error}
        </p>
      )}
      {refused !== undefined && <FailureNote failure={refused} title="That did not work" />}
      <BatchFacts batch={batch} />
      {batch.warnings.length > 0 && (
        <ul className="batch-warnings" aria-label="Warnings">
          {batch.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <BatchRows host={host} batch={batch} />
      <ConfirmDialog
        open={question === 'cancel'}
        title="Cancel this batch?"
        confirm="Cancel the batch"
        cancel="Go on"
        danger
        onCancel={() => setQuestion(undefined)}
        onConfirm={() => void act(() => host.request('batches.cancel', { id }))}
      >
        <p>
          {countRows(batch.rows.total - endedRows(batch))} that have no document yet get none. What is done
          stays.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={question === 'remove'}
        title="Delete this batch?"
        confirm="Delete"
        danger
        onCancel={() => setQuestion(undefined)}
        onConfirm={() =>
          void act(async () => {
            await host.request('batches.remove', { id });
            openBatch(undefined);
          })
        }
      >
        <p>
          {batch.output.type === 'folder'
            ? `The list of its rows goes. The files in ${batch.output.folder} stay.`
            : 'The list of its rows and the documents that Influxion keeps for it go. This cannot be undone.'}
        </p>
      </ConfirmDialog>
    </Details>
  );
}

interface ActionsProps {
  readonly host: StudioHost;
  readonly batch: Batch;
  readonly act: (run: () => Promise<unknown>) => Promise<void>;
  readonly ask: (question: Question) => void;
}

function Actions({ host, batch, act, ask }: ActionsProps): ReactElement {
  const { id, state, rows, output } = batch;
  const save = (what: 'result' | 'index', type: string): void =>
    void act(async () => {
      const { filename, bytes } = await host.request('batches.download', { id, what });
      saveFile(filename, bytes, type);
    });
  const isMerged = output.type === 'merged';
  return (
    <div className="batch-actions">
      {(state === 'running' || state === 'reading') && (
        <Button
          icon={<CirclePause aria-hidden="true" />}
          onClick={() => void act(() => host.request('batches.pause', { id }))}
        >
          Pause
        </Button>
      )}
      {state === 'paused' && (
        <Button
          variant="primary"
          icon={<CirclePlay aria-hidden="true" />}
          onClick={() => void act(() => host.request('batches.resume', { id }))}
        >
          Resume
        </Button>
      )}
      {!isOver(batch) && (
        <Button icon={<X aria-hidden="true" />} onClick={() => ask('cancel')}>
          Cancel…
        </Button>
      )}
      {isOver(batch) && rows.failed > 0 && (
        <Button
          icon={<RotateCw aria-hidden="true" />}
          onClick={() => void act(() => host.request('batches.retry', { id }))}
        >
          Run failed rows again
        </Button>
      )}
      {isOver(batch) && rows.done > 0 && output.type !== 'folder' && (
        <Button
          variant="primary"
          icon={<Download aria-hidden="true" />}
          onClick={() => save('result', isMerged ? 'application/pdf' : 'application/zip')}
        >
          {isMerged ? 'Save the PDF' : 'Save the zip'}
        </Button>
      )}
      {rows.total > 0 && <Button onClick={() => save('index', 'text/csv')}>Save the list (CSV)</Button>}
      {isOver(batch) && (
        <Button icon={<Trash2 aria-hidden="true" />} onClick={() => ask('remove')}>
          Delete…
        </Button>
      )}
    </div>
  );
}

function Progress({ batch }: { readonly batch: Batch }): ReactElement {
  const { rows } = batch;
  const ended = endedRows(batch);
  const pace = paceWords(batch);
  return (
    <div className="batch-progress">
      <progress
        aria-label="Rows that have ended"
        max={Math.max(1, rows.total)}
        value={batch.state === 'reading' && rows.total === 0 ? undefined : ended}
      />
      <p>
        <strong>
          {count(ended)} of {countRows(rows.total)}
        </strong>
        {rows.failed > 0 && <span className="batch-bad"> · {count(rows.failed)} failed</span>}
        {rows.unchanged > 0 && <span className="muted"> · {count(rows.unchanged)} unchanged</span>}
        {pace !== '' && <span className="muted"> · {pace}</span>}
      </p>
    </div>
  );
}

function BatchFacts({ batch }: { readonly batch: Batch }): ReactElement {
  const { started_at, ended_at } = batch;
  const took =
    started_at === null || ended_at === null
      ? undefined
      : formatDuration(Date.parse(ended_at) - Date.parse(started_at));
  const facts = [
    ['Template', batch.template_id],
    ['Table', batch.source],
    ['Names', batch.name],
    ['Output', outputWords(batch)],
    ['Standard', standardNames(batch.pdf_standard)],
    ['Pages', batch.pages === 0 ? undefined : count(batch.pages)],
    ['Size', batch.bytes === 0 ? undefined : formatBytes(batch.bytes)],
    ['Started', formatDayAndTime(batch.created_at)],
    ['Took', took],
  ] as const;
  return <Facts facts={facts} />;
}
