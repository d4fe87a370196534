import { useState, type ReactElement } from 'react';
import type { HotFolder } from '../../../contract/hot-folder.ts';
import { PDF_STANDARDS, type PdfStandard } from '../../../contract/standard.ts';
import { useHost } from '../../host/host-context.tsx';
import { useRoute } from '../../host/use-route.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog, type FormState } from '../../ui/form-dialog.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { standardName } from '../../ui/standard-name.ts';
import { Checkbox } from '../../ui/toggle.tsx';

export interface AddFolderDialogProps {
  readonly onClose: () => void;
  readonly onAdded: (folder: HotFolder) => void;
}

/** Binds a folder to a template. */
export function AddFolderDialog({ onClose, onAdded }: AddFolderDialogProps): ReactElement {
  const host = useHost();
  const { data: library } = useRoute('templates.list', {});
  const { data: kept } = useRoute('keys.list', {});
  const templates = (library?.templates ?? []).filter(({ problem }) => problem === null);
  const [folder, setFolder] = useState('');
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [name, setName] = useState('');
  const [standard, setStandard] = useState<PdfStandard | ''>('');
  const [keyId, setKeyId] = useState('');
  const [poll, setPoll] = useState(false);
  const [state, setState] = useState<FormState>('idle');
  const templateId = chosen ?? templates[0]?.id;
  const submit = async (): Promise<void> => {
    if (templateId === undefined) return;
    setState('busy');
    try {
      onAdded(
        await host.request('hot_folders.add', {
          folder: folder.trim(),
          template_id: templateId,
          ...(name.trim() !== '' && { name: name.trim() }),
          ...(standard !== '' && { pdf_standard: standard }),
          ...(keyId !== '' && { sign_key_id: keyId }),
          poll,
        }),
      );
    } catch (error) {
      setState(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const here = host.capabilities.kind === 'desktop' ? 'this computer' : 'the computer that runs Influxion';
  return (
    <FormDialog
      size="l"
      title="Add a hot folder"
      description="Each data file that is put into it becomes documents in its folder out."
      submit="Watch this folder"
      failed="The folder is not watched"
      isReady={folder.trim() !== '' && templateId !== undefined}
      state={state}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field label="Folder" help={`Its whole path on ${here}, such as /home/ada/invoices or C:\\Invoices.`}>
        {(control) => (
          <Input
            {...control}
            mono
            autoFocus
            required
            spellCheck={false}
            value={folder}
            onChange={({ target }) => setFolder(target.value)}
          />
        )}
      </Field>
      <Field label="Template">
        {(control) => (
          <Select
            {...control}
            value={templateId ?? ''}
            options={templates.map(({ id, name: label }) => ({ value: id, label }))}
            onValue={setChosen}
          />
        )}
      </Field>
      <Field
        label="Names"
        help={
          <>
            Such as <code>{'{{invoice.number}}.pdf'}</code>. Empty: the name of the data file.
          </>
        }
      >
        {(control) => (
          <Input
            {...control}
            mono
            spellCheck={false}
            maxLength={500}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Standard">
        {(control) => (
          <Select
            {...control}
            value={standard}
            options={[
              { value: '' as const, label: 'As the template says' },
              ...PDF_STANDARDS.map((value) => ({ value, label: standardName(value) })),
            ]}
            onValue={setStandard}
          />
        )}
      </Field>
      <Field label="Signed with">
        {(control) => (
          <Select
            {...control}
            value={keyId}
            options={[
              { value: '', label: 'As the template says' },
              ...(kept?.keys ?? []).map(({ id }) => ({ value: id, label: id })),
            ]}
            onValue={setKeyId}
          />
        )}
      </Field>
      <Checkbox checked={poll} onChecked={setPoll}>
        Look every few seconds <span className="muted">for network drives that tell nothing</span>
      </Checkbox>
    </FormDialog>
  );
}
