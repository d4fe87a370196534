import { FolderInput, Plus } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { useHost } from '../../host/host-context.tsx';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Entry, EntryList } from '../../ui/list-and-details.tsx';
import { ScreenHead } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { AddFolderDialog } from './add-folder-dialog.tsx';
import { FolderDetails } from './folder-details.tsx';
import { folderWords } from './folder-words.ts';
import './folders-screen.css';
import { askFolders, openFolder, useFolders } from './folders-store.ts';

const areOther = (event: StudioEvent): boolean => event.type === 'hot_folders.changed';

/** Folders that make documents of what is put into them. */
export function FoldersScreen(): ReactElement {
  const host = useHost();
  const { data, failure, refresh } = useRoute('hot_folders.list', {}, { refreshOn: areOther });
  const { openId, dialog } = useFolders();
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const folders = data?.folders;
  const shown = folders?.find(({ id }) => id === openId) ?? folders?.[0];
  const close = (): void => askFolders(undefined);
  const remove = (id: number): void => {
    close();
    host.request('hot_folders.remove', { id }).then(
      () => {
        setRefused(undefined);
        refresh();
      },
      (error: unknown) => setRefused(error as Error),
    );
  };
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => askFolders({ kind: 'add' })}>
      Add a hot folder…
    </Button>
  );
  return (
    <div className="ui-screen">
      <ScreenHead
        title="Hot folders"
        description="Data in, documents out, without anybody at the keyboard."
        actions={folders !== undefined && folders.length > 0 && add}
      />
      {failure !== undefined && <FailureNote title="The folders could not be read" failure={failure} />}
      {refused !== undefined && <FailureNote title="The folder was not removed" failure={refused} />}
      {folders === undefined && failure === undefined && <Spinner label="Reading the hot folders" />}
      {folders?.length === 0 && (
        <EmptyState icon={<FolderInput aria-hidden="true" />} title="No hot folders yet" action={add}>
          Bind a folder to a template: whatever data file another program puts there becomes documents at
          once, also after a restart. What cannot be used is put aside with the reason in words.
        </EmptyState>
      )}
      {folders !== undefined && shown !== undefined && (
        <div className="ui-list-and-details">
          <EntryList label="Hot folders">
            {folders.map((folder) => (
              <Entry
                key={folder.id}
                name={folder.folder}
                tooltip={folder.folder}
                state={folderWords(folder)}
                isShown={folder.id === shown.id}
                onOpen={() => openFolder(folder.id)}
              >
                {folder.template_id}
              </Entry>
            ))}
          </EntryList>
          <FolderDetails key={shown.id} folder={shown} />
        </div>
      )}
      {dialog?.kind === 'add' && (
        <AddFolderDialog
          onClose={close}
          onAdded={({ id }) => {
            openFolder(id);
            refresh();
            close();
          }}
        />
      )}
      {dialog?.kind === 'remove' && (
        <ConfirmDialog
          open
          title="Watch this folder no more?"
          confirm="Remove"
          danger
          onCancel={close}
          onConfirm={() => remove(dialog.id)}
        >
          Nothing in the folder is deleted: its data files and documents stay where they are.
        </ConfirmDialog>
      )}
    </div>
  );
}
