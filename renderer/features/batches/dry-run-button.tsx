import { useState, type ReactElement } from 'react';
import type { DryRun } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { countRows } from './batch-words.ts';
import { changeDraft, type Draft } from './batches-store.ts';
import { dryRunOf } from './use-dry-run.ts';

const ROWS = 200;

type Result = { readonly run: DryRun } | { readonly failure: Error };

/** Tries the first rows without starting anything. */
export function DryRunButton({
  host,
  draft,
}: {
  readonly host: StudioHost;
  readonly draft: Draft;
}): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | undefined>(undefined);
  const run = async (): Promise<void> => {
    const input = dryRunOf(draft, 1, ROWS);
    if (input === undefined) return;
    setBusy(true);
    try {
      setResult({ run: await host.request('batches.dry_run', input) });
    } catch (error) {
      setResult({ failure: error as Error });
    }
    setBusy(false);
  };
  const close = (): void => setResult(undefined);
  return (
    <>
      <Button busy={isBusy} onClick={() => void run()}>
        Try the first rows
      </Button>
      {result !== undefined && (
        <Dialog
          open
          size="xl"
          title="The first rows"
          description="What each document would be called. Nothing was made."
          onClose={close}
          footer={<Button onClick={close}>Close</Button>}
        >
          {'failure' in result ? (
            <FailureNote title="The rows cannot be tried" failure={result.failure} />
          ) : (
            <Rows
              run={result.run}
              onRow={(row) => {
                changeDraft({ row });
                close();
              }}
            />
          )}
        </Dialog>
      )}
    </>
  );
}

function Rows({ run, onRow }: { readonly run: DryRun; readonly onRow: (row: number) => void }): ReactElement {
  const bad = run.rows.filter(({ problem }) => problem !== null).length;
  return (
    <>
      <p>
        {countRows(run.rows.length)}
        {run.more ? ' of more' : ''}: {bad === 0 ? 'all can be read.' : `${bad} cannot be used.`}
      </p>
      <ScrollTable label="Rows" className="batch-dry-run">
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Document</th>
              <th scope="col">Fault</th>
              <th scope="col">
                <span className="visually-hidden">Show</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {run.rows.map(({ row, name, problem }) => (
              <tr key={row}>
                <td>{row}</td>
                <td className="batch-cell">{name ?? '–'}</td>
                <td className={problem === null ? undefined : 'batch-bad'}>{problem ?? ''}</td>
                <td>
                  <Button size="s" variant="quiet" aria-label={`Show row ${row}`} onClick={() => onRow(row)}>
                    Show
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </>
  );
}
