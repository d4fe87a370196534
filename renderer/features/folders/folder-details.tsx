import { CirclePause, CirclePlay, Trash2 } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { HotFile, HotFolder } from '../../../contract/hot-folder.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { useHost } from '../../host/host-context.tsx';
import { useRoute } from '../../host/use-route.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Details } from '../../ui/list-and-details.tsx';
import { formatTime } from '../../ui/quantity.ts';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { standardNames } from '../../ui/standard-name.ts';
import { folderWords } from './folder-words.ts';
import { askFolders } from './folders-store.ts';

const FILES = 100;

const FILE_STATES: Record<HotFile['state'], { readonly tone: Tone; readonly label: string }> = {
  working: { tone: 'run', label: 'At work' },
  done: { tone: 'ok', label: 'Done' },
  failed: { tone: 'bad', label: 'Failed' },
};

const areOther = (event: StudioEvent): boolean => event.type === 'hot_folders.changed';

/** One hot folder: how it is, what it is bound to, the data files that came. */
export function FolderDetails({ folder }: { readonly folder: HotFolder }): ReactElement {
  const host = useHost();
  const { id } = folder;
  const { data, failure } = useRoute('hot_folders.files', { id, limit: FILES }, { refreshOn: areOther });
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const isPaused = folder.state === 'paused';
  const facts = [
    ['Template', folder.template_id],
    ['Names', folder.name ?? 'as the data file'],
    ['Standard', standardNames(folder.pdf_standard)],
    ['Signed with', folder.sign_key_id],
    ['Looks', folder.poll ? 'every few seconds' : 'when the system tells'],
    ['Files done', folder.counts.done.toLocaleString('en')],
    ['Files failed', folder.counts.failed.toLocaleString('en')],
  ] as const;
  return (
    <Details
      label={`Hot folder ${folder.folder}`}
      title={folder.folder}
      state={folderWords(folder)}
      actions={
        <>
          <Button
            icon={isPaused ? <CirclePlay aria-hidden="true" /> : <CirclePause aria-hidden="true" />}
            onClick={() => {
              host.request('hot_folders.change', { id, paused: !isPaused }).then(
                () => setRefused(undefined),
                (error: unknown) => setRefused(error as Error),
              );
            }}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
          <Button icon={<Trash2 aria-hidden="true" />} onClick={() => askFolders({ kind: 'remove', id })}>
            Remove…
          </Button>
        </>
      }
    >
      {folder.problem !== null && (
        <p className="folder-problem" role="status">
          {folder.problem}
        </p>
      )}
      {refused !== undefined && <FailureNote title="That did not work" failure={refused} />}
      <Facts facts={facts} />
      {failure !== undefined && <FailureNote title="Its files could not be read" failure={failure} />}
      {data?.files.length === 0 && (
        <p className="muted">
          No data file came yet. Put a .json, .csv, .jsonl, .xlsx or .ods file into the folder: its documents
          appear in <code>out</code>, the file moves to <code>done</code> or <code>failed</code>.
        </p>
      )}
      {data !== undefined && data.files.length > 0 && <Files files={data.files} />}
    </Details>
  );
}

function Files({ files }: { readonly files: readonly HotFile[] }): ReactElement {
  return (
    <ScrollTable label="Data files">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">File</th>
            <th scope="col">State</th>
            <th scope="col">Documents</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ id, name, state, documents, error, taken_at }) => (
            <tr key={id}>
              <td>{formatTime(taken_at)}</td>
              <td className="folder-name" title={name}>
                {name}
              </td>
              <td>
                <Badge tone={FILE_STATES[state].tone}>{FILE_STATES[state].label}</Badge>
              </td>
              <td>
                {documents.done.toLocaleString('en')} of {documents.total.toLocaleString('en')}
              </td>
              <td className={error === null ? undefined : 'folder-why'}>{error ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  );
}
