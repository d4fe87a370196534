/** Whatever dialog the workspace asks for. */
import type { ReactElement } from 'react';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { samplePath, sampleName } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import {
  addSample,
  attempt,
  createTemplate,
  duplicateTemplate,
  removeFile,
  removeTemplate,
  renameFile,
  renameTemplate,
} from '../template-actions.ts';
import { dataOf } from '../templates-state.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { JobDataDialog } from './job-data-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { QuickOpen } from './quick-open.tsx';

export function TemplateDialogs(): ReactElement | null {
  const workspace = useWorkspace();
  const dialog = useTemplates((state) => state.dialog);
  const close = (): void => workspace.ask(null);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'create':
      return (
        <NameDialog
          title="New template"
          label="Name"
          help="As people call the document: Invoice, Offer, Delivery note."
          action="Create"
          onName={(name) => createTemplate(workspace, name)}
          onClose={close}
        />
      );
    case 'duplicate':
      return (
        <NameDialog
          title={`Duplicate “${dialog.name}”`}
          label="Name of the copy"
          start={`${dialog.name} copy`}
          action="Duplicate"
          onName={(name) => duplicateTemplate(workspace, dialog.id, name)}
          onClose={close}
        />
      );
    case 'rename':
      return (
        <NameDialog
          title={`Rename “${dialog.name}”`}
          label="New name"
          help="Programs that name this template by its id have to use the new one."
          start={dialog.name}
          action="Rename"
          onName={(name) => renameTemplate(workspace, dialog.id, name)}
          onClose={close}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          open
          danger
          title={`Delete “${dialog.name}”?`}
          confirm="Delete"
          onCancel={close}
          onConfirm={() => {
            close();
            void attempt(`“${dialog.name}” could not be deleted`, () =>
              removeTemplate(workspace, dialog.id, dialog.name),
            );
          }}
        >
          It goes to the bin and can be brought back for 30 days. Programs that use it get an error from now
          on.
        </ConfirmDialog>
      );
    case 'new-file':
      return (
        <NameDialog
          title="New partial"
          label="Name"
          help="A part that templates include by {{> name}}."
          action="Create"
          onName={async (name) => {
            const path = `partials/${name.replace(/\.(?:hbs|handlebars)$/, '')}.hbs`;
            workspace.edit(path, '');
            await workspace.saveNow();
            workspace.show({ kind: 'file', path });
          }}
          onClose={close}
        />
      );
    case 'new-sample':
      return (
        <NameDialog
          title="New sample"
          label="Name"
          help="It starts as a copy of the sample that is shown."
          action="Create"
          onName={(name) => addSample(workspace, name, dataOf(workspace.store.getState()))}
          onClose={close}
        />
      );
    case 'rename-file': {
      const sample = sampleName(dialog.path);
      return (
        <NameDialog
          title={`Rename ${dialog.path}`}
          label={sample === undefined ? 'New path' : 'New name'}
          start={sample ?? dialog.path}
          action="Rename"
          onName={(name) =>
            renameFile(workspace, dialog.path, sample === undefined ? name : samplePath(name))
          }
          onClose={close}
        />
      );
    }
    case 'remove-file':
      return (
        <ConfirmDialog
          open
          danger
          title={`Delete ${dialog.path}?`}
          confirm="Delete"
          onCancel={close}
          onConfirm={() => {
            close();
            void removeFile(workspace, dialog.path);
          }}
        >
          What uses it in this template will no longer find it.
        </ConfirmDialog>
      );
    case 'job-data':
      return <JobDataDialog onClose={close} />;
    case 'quick-open':
      return <QuickOpen onClose={close} />;
    case 'history':
      return <HistoryDialog key={dialog.path} path={dialog.path} onClose={close} />;
    case 'compare':
      return <CompareDialog path={dialog.path} onClose={close} />;
  }
}
