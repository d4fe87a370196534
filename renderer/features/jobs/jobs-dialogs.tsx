import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { countJobs } from './job-words.ts';
import type { JobsStore } from './jobs-store.ts';
import { NewJobDialog } from './new-job-dialog.tsx';

/** What the jobs screen asks. */
export function JobsDialogs({ store }: { readonly store: JobsStore }): ReactElement | null {
  const dialog = useStore(store, (state) => state.dialog);
  const close = (): void => store.actions.ask(undefined);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'new':
      return <NewJobDialog store={store} onClose={close} />;
    case 'change':
      return <ChangeDialog store={store} dialog={dialog} onClose={close} />;
    case 'remove':
      return (
        <ConfirmDialog
          open
          danger
          title={`Delete ${countJobs(dialog.ids.length)}?`}
          confirm="Delete"
          onCancel={close}
          onConfirm={() => {
            close();
            void store.actions.bulk('remove', dialog.ids);
          }}
        >
          {dialog.ids.length === 1 ? 'Its document is' : 'Their documents are'} deleted as well. This cannot
          be undone. Jobs that still wait or run are left alone.
        </ConfirmDialog>
      );
  }
}
