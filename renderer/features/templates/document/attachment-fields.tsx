import { FilePenLine, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { RELATIONSHIPS, type TemplateAttachment } from '../../../../contract/document.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { Checkbox } from '../../../ui/toggle.tsx';
import { useWorkspace } from '../screen/workspace-context.tsx';
import type { ManifestForm } from './manifest-form.ts';
import { TextOption } from './text-option.tsx';

const USUAL = 'usual';
const RELATIONS: Record<(typeof RELATIONSHIPS)[number], string> = {
  Source: 'What the document was made from',
  Data: 'The data of the document',
  Alternative: 'The same in another form',
  Supplement: 'Something that goes with it',
  Unspecified: 'Not said',
};

export interface AttachmentFieldsProps {
  readonly form: ManifestForm;
  readonly index: number;
  /** As it stands in the file. */
  readonly attachment: Partial<TemplateAttachment>;
  /** Paths in the folder of the template. */
  readonly files: readonly string[];
  /** Names of partials. */
  readonly partials: readonly string[];
  readonly onRemove: () => void;
}

/** One attached file. */
export function AttachmentFields(props: AttachmentFieldsProps): ReactElement {
  const { form, index, attachment, files, partials, onRemove } = props;
  const workspace = useWorkspace();
  const { filename = '', file, partial, relationship, description, profile } = attachment;
  const path = (name: string): readonly [string, number, string] => ['attachments', index, name];
  const chosen = partial != null ? `partial:${partial}` : `file:${file ?? ''}`;
  const sources = [
    ...[...new Set([...files, ...(file == null ? [] : [file])])].map((each) => ({
      value: `file:${each}`,
      label: each,
      group: 'Files, as they are',
    })),
    ...[...new Set([...partials, ...(partial == null ? [] : [partial])])].map((each) => ({
      value: `partial:${each}`,
      label: each,
      group: 'Partials, filled in with the data',
    })),
  ];
  const choose = (source: string): void => {
    const name = source.slice(source.indexOf(':') + 1);
    const [chosenName, other] = source.startsWith('partial:') ? ['partial', 'file'] : ['file', 'partial'];
    const rest = Object.entries(attachment).filter(([key]) => key !== chosenName && key !== other);
    form.set(['attachments', index], { ...Object.fromEntries(rest), [chosenName]: name });
  };
  return (
    <fieldset className="templates-document-attachment">
      <legend className="visually-hidden">Attached file {filename}</legend>
      <div className="templates-document-attachment-head">
        <TextOption
          label="Name in the PDF"
          error={form.fault(...path('filename'))}
          value={filename}
          onValue={(value) => form.set(path('filename'), value ?? '')}
        />
        <IconButton label={`Remove ${filename}`} icon={<Trash2 aria-hidden="true" />} onClick={onRemove} />
      </div>
      <Field label="Comes from" error={form.fault('attachments', index)}>
        {(control) => <Select {...control} value={chosen} options={sources} onValue={choose} />}
      </Field>
      {partial != null && partials.includes(partial) && (
        <Button
          size="s"
          className="templates-document-insert"
          icon={<FilePenLine aria-hidden="true" />}
          onClick={() => workspace.show({ kind: 'file', path: `partials/${partial}.hbs` })}
        >
          Edit the partial
        </Button>
      )}
      <div className="templates-document-row">
        <Field label="Relation to the document" error={form.fault(...path('relationship'))}>
          {(control) => (
            <Select
              {...control}
              value={relationship ?? USUAL}
              options={[
                { value: USUAL, label: profile == null ? RELATIONS.Unspecified : 'As Factur-X asks for' },
                ...RELATIONSHIPS.filter((each) => profile != null || each !== 'Unspecified').map((value) => ({
                  value,
                  label: RELATIONS[value],
                })),
              ]}
              onValue={(value) => form.set(path('relationship'), value === USUAL ? undefined : value)}
            />
          )}
        </Field>
        <TextOption
          label="Description"
          error={form.fault(...path('description'))}
          value={description}
          onValue={(value) => form.set(path('description'), value)}
        />
      </div>
      <Checkbox
        checked={profile === 'factur-x'}
        onChecked={(on) => form.set(path('profile'), on ? 'factur-x' : undefined)}
      >
        It is the invoice for programs (Factur-X, ZUGFeRD, XRechnung)
      </Checkbox>
    </fieldset>
  );
}
