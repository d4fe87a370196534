import type { ReactElement } from 'react';
import { PDF_STANDARDS } from '../../../contract/standard.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { standardName } from '../../ui/standard-name.ts';
import { changeDraft, type Draft, type OutputKind } from './batches-store.ts';

const OUTPUTS: readonly { readonly value: OutputKind; readonly label: string }[] = [
  { value: 'zip', label: 'A zip' },
  { value: 'merged', label: 'One PDF' },
  { value: 'folder', label: 'A folder' },
];

const WHAT: Record<OutputKind, string> = {
  zip: 'All documents in one zip, to be downloaded when they are done.',
  merged: 'All documents one after the other in one PDF, with a bookmark for each.',
  folder: 'Each document as a file of its own, written as it is done. What is unchanged is left alone.',
};

export interface NewBatchOptionsProps {
  readonly host: StudioHost;
  readonly draft: Draft;
  /** What the document of the row that is shown will be called. */
  readonly shownName: string | null;
}

/** Names, output, standard and key. */
export function NewBatchOptions({ host, draft, shownName }: NewBatchOptionsProps): ReactElement {
  const { data } = useRoute('keys.list', {});
  const keys = data?.keys ?? [];
  const here =
    host.capabilities.kind === 'desktop' ? 'on this computer' : 'on the computer that runs Influxion';
  return (
    <section aria-label="Documents">
      <h3>Documents</h3>
      <div className="batch-fields">
        <Field
          label="Names"
          help={
            shownName === null ? (
              <>
                Data in double braces, such as <code>{'{{invoice.number}}.pdf'}</code>;{' '}
                <code>{'{{@row}}'}</code> is the number of the row.
              </>
            ) : (
              <>
                Row {draft.row} becomes <code>{shownName}</code>
              </>
            )
          }
        >
          {(control) => (
            <Input
              {...control}
              mono
              spellCheck={false}
              maxLength={500}
              value={draft.name}
              onChange={({ target }) => changeDraft({ name: target.value })}
            />
          )}
        </Field>
        <Field label="Standard">
          {(control) => (
            <Select
              {...control}
              value={draft.standard}
              options={[
                { value: '', label: 'As the template says' },
                ...PDF_STANDARDS.map((value) => ({ value, label: standardName(value) })),
              ]}
              onValue={(standard) => changeDraft({ standard })}
            />
          )}
        </Field>
        <Field label="Signed with">
          {(control) => (
            <Select
              {...control}
              value={draft.keyId}
              options={[
                { value: '', label: 'As the template says' },
                ...keys.map(({ id }) => ({ value: id, label: id })),
              ]}
              onValue={(keyId) => changeDraft({ keyId })}
            />
          )}
        </Field>
      </div>
      <div className="batch-output">
        <Segmented
          label="What comes out"
          options={OUTPUTS}
          value={draft.output}
          onValue={(output) => changeDraft({ output })}
        />
        <p className="muted">{WHAT[draft.output]}</p>
      </div>
      {draft.output === 'folder' && (
        <Field
          label={`Folder ${here}`}
          help="Its whole path, such as /home/ada/invoices or C:\Invoices. It is made if it is not there."
        >
          {(control) => (
            <Input
              {...control}
              mono
              spellCheck={false}
              value={draft.folder}
              onChange={({ target }) => changeDraft({ folder: target.value })}
            />
          )}
        </Field>
      )}
      {draft.output === 'merged' && (
        <Field
          label="Page numbers"
          help={
            <>
              Stamped on every page, such as <code>{'{page} / {pages}'}</code>. Empty for none.
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              mono
              maxLength={200}
              value={draft.pageNumbers}
              onChange={({ target }) => changeDraft({ pageNumbers: target.value })}
            />
          )}
        </Field>
      )}
    </section>
  );
}
