import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Batch, BatchRow, RowState } from '../../../contract/batch.ts';
import type { RouteInput } from '../../../contract/studio/table.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';
import { Badge, Chip } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { formatBytes } from '../../ui/quantity.ts';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { count, endedRows, ROW_WORDS } from './batch-words.ts';
import { MendRowDialog } from './mend-row-dialog.tsx';

const ON_A_PAGE = 100;

const FILTERS: readonly RowState[] = ['failed', 'done', 'running', 'waiting', 'cancelled'];

export interface BatchRowsProps {
  readonly host: StudioHost;
  readonly batch: Batch;
}

/** The rows of a batch, those that failed first if there are any; each can be mended and run again. */
export function BatchRows({ host, batch }: BatchRowsProps): ReactElement {
  const [chosen, setChosen] = useState<RowState | 'all' | undefined>(undefined);
  const [offset, setOffset] = useState(0);
  const [mending, setMending] = useState<BatchRow | undefined>(undefined);
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const filter = chosen ?? (batch.rows.failed > 0 ? 'failed' : 'all');
  const input = { id: batch.id, ...(filter !== 'all' && { state: filter }), offset, limit: ON_A_PAGE };
  const { data, failure } = useRowsOf(input, batch);
  const choose = (next: RowState | 'all'): void => {
    setChosen(next);
    setOffset(0);
  };
  const save = async ({ row }: BatchRow): Promise<void> => {
    try {
      const { filename, bytes } = await host.request('batches.download_row', { id: batch.id, row });
      saveFile(filename, bytes, 'application/pdf');
      setRefused(undefined);
    } catch (error) {
      setRefused(error as Error);
    }
  };
  const total = data?.total ?? 0;
  return (
    <section className="batch-rows" aria-label="Rows">
      <div className="batch-filters" role="group" aria-label="Rows that are shown">
        <Chip pressed={filter === 'all'} count={batch.rows.total} onPressed={() => choose('all')}>
          All
        </Chip>
        {FILTERS.filter((state) => batch.rows[state] > 0 || filter === state).map((state) => (
          <Chip
            key={state}
            pressed={filter === state}
            count={batch.rows[state]}
            onPressed={() => choose(state)}
          >
            {ROW_WORDS[state].label}
          </Chip>
        ))}
      </div>
      {failure !== undefined && <FailureNote title="The rows could not be read" failure={failure} />}
      {refused !== undefined && <FailureNote title="The document was not saved" failure={refused} />}
      <ScrollTable label="Rows of the batch">
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">State</th>
              <th scope="col">Document</th>
              <th scope="col">Pages</th>
              <th scope="col">Size</th>
              <th scope="col">
                <span className="visually-hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data?.rows.map((row) => (
              <Row key={row.row} row={row} onMend={() => setMending(row)} onSave={() => void save(row)} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
      {total > ON_A_PAGE && (
        <div className="batches-pager">
          <Button size="s" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - ON_A_PAGE))}>
            Earlier rows
          </Button>
          <span className="muted">
            {count(offset + 1)} to {count(Math.min(total, offset + ON_A_PAGE))} of {count(total)}
          </span>
          <Button
            size="s"
            disabled={offset + ON_A_PAGE >= total}
            onClick={() => setOffset(offset + ON_A_PAGE)}
          >
            Later rows
          </Button>
        </div>
      )}
      {mending !== undefined && (
        <MendRowDialog host={host} batchId={batch.id} row={mending} onClose={() => setMending(undefined)} />
      )}
    </section>
  );
}

/** Between two looks at rows that change all the time. */
const LOOK_AGAIN_MS = 1000;

/** Looked at again when rows have ended, at a pace that can be read. */
function useRowsOf(input: RouteInput<'batches.rows'>, batch: Batch) {
  const { data, failure, refresh } = useRoute('batches.rows', input);
  const lookedAt = useRef(0);
  const { state, rows } = batch;
  const progress = `${state} ${endedRows(batch)} ${rows.running}`;
  useEffect(() => {
    const wait = lookedAt.current + LOOK_AGAIN_MS - performance.now();
    const timer = setTimeout(
      () => {
        lookedAt.current = performance.now();
        refresh();
      },
      Math.max(0, wait),
    );
    return () => clearTimeout(timer);
  }, [progress, refresh]);
  return { data, failure };
}

interface RowProps {
  readonly row: BatchRow;
  readonly onMend: () => void;
  readonly onSave: () => void;
}

function Row({ row, onMend, onSave }: RowProps): ReactElement {
  const { tone, label } = ROW_WORDS[row.state];
  return (
    <>
      <tr>
        <td title={row.line === null ? undefined : `Line ${row.line} of the table`}>{count(row.row)}</td>
        <td>
          <Badge tone={tone}>{row.unchanged ? 'Unchanged' : label}</Badge>
        </td>
        <td className="batch-cell" title={row.name ?? undefined}>
          {row.name ?? '–'}
        </td>
        <td>{row.pages ?? ''}</td>
        <td>{row.size === null ? '' : formatBytes(row.size)}</td>
        <td>
          {row.state === 'done' && (
            <Button
              size="s"
              variant="quiet"
              aria-label={`Save the document of row ${row.row}`}
              onClick={onSave}
            >
              Save
            </Button>
          )}
          {row.state === 'failed' && (
            <Button size="s" aria-label={`Mend row ${row.row}`} onClick={onMend}>
              Mend…
            </Button>
          )}
        </td>
      </tr>
      {row.error !== null && (
        <tr className="batch-row-error">
          <td />
          <td colSpan={5}>
            {row.error}
            {row.error_detail?.hint != null && <span className="muted"> {row.error_detail.hint}</span>}
          </td>
        </tr>
      )}
    </>
  );
}
