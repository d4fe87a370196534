import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { formatBytes } from '../../ui/quantity.ts';
import { ScreenHead } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { changeDraft, dropDraft, openBatch, useBatches, type Draft } from './batches-store.ts';
import { dataPaths, suggestMapping } from './data-paths.ts';
import { DryRunButton } from './dry-run-button.tsx';
import { MappingTable } from './mapping-table.tsx';
import { NewBatchOptions } from './new-batch-options.tsx';
import { ReadingFields } from './reading-fields.tsx';
import { requestOf } from './request-of.ts';
import { RowPreview, type RowPages } from './row-pages.tsx';
import { useShownRow } from './use-dry-run.ts';

export interface NewBatchProps {
  readonly host: StudioHost;
  readonly draft: Draft;
  readonly pages: RowPages;
}

/** From a table to a batch: what goes where, what the documents are called, what comes out; any row can be looked at. */
export function NewBatch({ host, draft, pages }: NewBatchProps): ReactElement {
  const { rowsFile, templateId, failure, filename } = draft;
  const shown = useShownRow(host, draft);
  return (
    <div className="batch-new">
      <ScreenHead
        back={<IconButton label="Back to the batches" icon={<ArrowLeft aria-hidden />} onClick={dropDraft} />}
        title={`New batch from ${filename}`}
        actions={
          rowsFile !== undefined && (
            <>
              <DryRunButton host={host} draft={draft} />
              <StartButton host={host} draft={draft} />
            </>
          )
        }
      />
      {failure !== undefined && (
        <FailureNote
          title="The table cannot be used"
          failure={failure}
          actions={
            <Button size="s" onClick={dropDraft}>
              Choose another
            </Button>
          }
        />
      )}
      {rowsFile === undefined && failure === undefined && (
        <p className="batch-uploading" role="status">
          <Spinner /> Reading {filename}: {Math.round(draft.progress * 100)} %
        </p>
      )}
      {rowsFile !== undefined && (
        <div className="batch-new-columns">
          <div className="batch-form">
            <ReadingFields host={host} draft={draft} rowsFile={rowsFile} />
            <Mapping host={host} draft={draft} cells={shown.row?.cells ?? null} />
            <NewBatchOptions host={host} draft={draft} shownName={shown.row?.name ?? null} />
          </div>
          <div className="batch-row-preview">
            <RowBar draft={draft} missing={shown.row === undefined && shown.failure === undefined} />
            {shown.failure !== undefined && (
              <FailureNote title="This row cannot be shown" failure={shown.failure} />
            )}
            {shown.row?.problem != null && (
              <p className="batch-row-problem" role="status">
                Row {shown.row.row}: {shown.row.problem}
              </p>
            )}
            <RowPreview
              pages={pages}
              templateId={shown.row === undefined ? undefined : templateId}
              data={JSON.stringify(shown.row?.data ?? {})}
            />
            <p className="muted batch-source">
              {filename}, {formatBytes(rowsFile.size)}
            </p>
          </div>
        </div>
      )}
    </div>
  );
}

/** Which row is looked at. */
function RowBar({ draft, missing }: { readonly draft: Draft; readonly missing: boolean }): ReactElement {
  const go = (row: number): void => changeDraft({ row: Math.max(1, Math.round(row)) });
  return (
    <div className="batch-row-bar" role="group" aria-label="Row that is shown">
      <IconButton
        label="Previous row"
        size="s"
        icon={<ChevronLeft aria-hidden />}
        disabled={draft.row === 1}
        onClick={() => go(draft.row - 1)}
      />
      <label>
        Row{' '}
        <input
          className="ui-input"
          type="number"
          min={1}
          value={draft.row}
          onChange={({ target }) => {
            if (target.valueAsNumber >= 1) go(target.valueAsNumber);
          }}
        />
      </label>
      <IconButton
        label="Next row"
        size="s"
        icon={<ChevronRight aria-hidden />}
        onClick={() => go(draft.row + 1)}
      />
      {missing && <span className="muted">There is no such row, or it is being read.</span>}
    </div>
  );
}

function Mapping({
  host,
  draft,
  cells,
}: {
  readonly host: StudioHost;
  readonly draft: Draft;
  readonly cells: readonly string[] | null;
}): ReactElement | null {
  const { templateId, rowsFile, columns } = draft;
  const [paths, setPaths] = useState<readonly string[]>([]);
  const isTable = rowsFile !== undefined && rowsFile.format !== 'jsonl' && rowsFile.format !== 'json';
  useEffect(() => {
    if (templateId === undefined || rowsFile === undefined || !isTable) return undefined;
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      let found: readonly string[] = [];
      try {
        const { files } = await host.request('templates.open', { id: templateId }, controller.signal);
        const sample = files.find(({ kind, text }) => kind === 'sample' && text !== null);
        const schema = files.find(({ kind }) => kind === 'schema');
        found = dataPaths(sample?.text ?? undefined, schema?.text ?? undefined);
      } catch {
        // Without them the columns keep their own names; that the template cannot be read, its pages tell.
      }
      if (controller.signal.aborted) return;
      setPaths(found);
      changeDraft({ columns: suggestMapping(rowsFile.columns, found) });
    };
    void read();
    return () => controller.abort();
  }, [host, templateId, rowsFile, isTable]);
  if (!isTable) {
    return <p className="muted">Each row is JSON already and goes to the template as it is.</p>;
  }
  return (
    <section aria-label="Columns">
      <h3>Columns</h3>
      <MappingTable
        columns={columns}
        paths={paths}
        cells={cells}
        onColumns={(changed) => changeDraft({ columns: changed })}
      />
    </section>
  );
}

function StartButton({ host, draft }: { readonly host: StudioHost; readonly draft: Draft }): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const { data: keys } = useRoute('keys.list', {});
  const request = requestOf(draft, keys?.keys ?? []);
  const start = async (): Promise<void> => {
    if (request === undefined) return;
    setBusy(true);
    try {
      const { batch } = await host.request('batches.start', { request });
      useBatches.setState({ draft: undefined });
      openBatch(batch.id);
    } catch (error) {
      changeDraft({ failure: error instanceof Error ? error : new Error(String(error)) });
      setBusy(false);
    }
  };
  return (
    <Button variant="primary" busy={isBusy} disabled={request === undefined} onClick={() => void start()}>
      Start
    </Button>
  );
}
