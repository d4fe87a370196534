import { Table2, Upload } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Batch } from '../../../contract/batch.ts';
import { HostProvider } from '../../host/host-context.tsx';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { FileChooser, FileDrop } from '../../ui/file-drop.tsx';
import { Entry, EntryList } from '../../ui/list-and-details.tsx';
import { ScreenHead } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { CHOOSE_ID } from './batch-commands.ts';
import { BatchDetails } from './batch-details.tsx';
import { countRows, endedRows, stateOf } from './batch-words.ts';
import { openBatch, prepareBatch, useBatches } from './batches-store.ts';
import './batches-screen.css';
import { NewBatch } from './new-batch.tsx';
import type { RowPages } from './row-pages.tsx';
import { ROWS_FILES } from './upload-rows.ts';
import { useBatchPage } from './use-batch.ts';

export interface BatchesScreenProps {
  readonly host: StudioHost;
  /** The pages of a row, as the engine prints them. */
  readonly pages: RowPages;
}

const ON_A_PAGE = 50;

/** Many documents at once: a template and a table. */
export function BatchesScreen({ host, pages }: BatchesScreenProps): ReactElement {
  const draft = useBatches((state) => state.draft);
  return (
    <HostProvider value={host}>
      <FileDrop
        className="ui-screen"
        invitation="Drop a table: .csv, .jsonl, .json, .xlsx or .ods"
        onFiles={([file]) => file !== undefined && void prepareBatch(host, file)}
      >
        {draft === undefined ? <Batches host={host} /> : <NewBatch host={host} draft={draft} pages={pages} />}
      </FileDrop>
    </HostProvider>
  );
}

function Batches({ host }: { readonly host: StudioHost }): ReactElement {
  const openId = useBatches((state) => state.openId);
  const [offset, setOffset] = useState(0);
  const list = useBatchPage(host, offset, ON_A_PAGE);
  const { batches, total } = list;
  const shown = openId ?? batches?.[0]?.id;
  const choose = (
    <FileChooser
      id={CHOOSE_ID}
      accept={ROWS_FILES}
      variant="primary"
      icon={<Upload aria-hidden="true" />}
      onFiles={([file]) => file !== undefined && void prepareBatch(host, file)}
    >
      New batch from a table…
    </FileChooser>
  );
  return (
    <>
      <ScreenHead
        title="Batches"
        description="One document for each row of a table."
        actions={total > 0 && choose}
      />
      {list.failure !== undefined && (
        <FailureNote
          title="The batches could not be read"
          failure={list.failure}
          actions={
            <Button size="s" onClick={list.refresh}>
              Try again
            </Button>
          }
        />
      )}
      {batches === undefined && list.failure === undefined && <Spinner label="Reading the batches" />}
      {batches?.length === 0 && offset === 0 && (
        <EmptyState icon={<Table2 aria-hidden="true" />} title="No batches yet" action={choose}>
          Take a template and a table (CSV, JSON Lines, JSON, Excel or OpenDocument) and get one document for
          each row: as a zip, as one merged PDF, or in a folder. Drop the table here, or on a template.
        </EmptyState>
      )}
      {batches !== undefined && batches.length > 0 && (
        <div className="ui-list-and-details">
          <nav aria-label="Batches">
            <EntryList>
              {batches.map((batch) => (
                <Entry
                  key={batch.id}
                  name={batch.title}
                  state={stateOf(batch)}
                  isShown={batch.id === shown}
                  onOpen={() => openBatch(batch.id)}
                >
                  {summaryOf(batch)}
                </Entry>
              ))}
            </EntryList>
            {total > ON_A_PAGE && (
              <div className="batches-pager">
                <Button
                  size="s"
                  disabled={offset === 0}
                  onClick={() => setOffset(Math.max(0, offset - ON_A_PAGE))}
                >
                  Newer
                </Button>
                <Button
                  size="s"
                  disabled={offset + ON_A_PAGE >= total}
                  onClick={() => setOffset(offset + ON_A_PAGE)}
                >
                  Older
                </Button>
              </div>
            )}
          </nav>
          {shown !== undefined && <BatchDetails key={shown} host={host} id={shown} />}
        </div>
      )}
    </>
  );
}

function summaryOf(batch: Batch): string {
  const { source, state, rows } = batch;
  const summary = `${source} · ${countRows(rows.total)}`;
  if (state !== 'running' || rows.total === 0) return summary;
  return `${summary} · ${Math.floor((100 * endedRows(batch)) / rows.total)} %`;
}
