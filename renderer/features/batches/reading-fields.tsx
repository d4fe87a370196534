import { useState, type ReactElement } from 'react';
import type { RowReading, RowsFile } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute } from '../../host/use-route.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { changeDraft, type Draft } from './batches-store.ts';

const SEPARATORS: readonly SelectOption<string>[] = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
];

type Encoding = NonNullable<RowReading['encoding']>;
const ENCODINGS: readonly SelectOption<Encoding>[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Windows-1252' },
  { value: 'utf-16le', label: 'UTF-16 LE' },
  { value: 'utf-16be', label: 'UTF-16 BE' },
];

const LOCALES: readonly SelectOption<string>[] = [
  { value: '', label: 'As programs write them: 1234.5, 2026-11-27' },
  { value: 'en-US', label: 'English (US): 1,234.5, 11/27/2026' },
  { value: 'en-GB', label: 'English (UK): 1,234.5, 27/11/2026' },
  { value: 'de-DE', label: 'German: 1.234,5, 27.11.2026' },
  { value: 'de-CH', label: 'German (Switzerland): 1’234.5' },
  { value: 'fr-FR', label: 'French: 1 234,5, 27/11/2026' },
  { value: 'es-ES', label: 'Spanish: 1.234,5, 27/11/2026' },
  { value: 'it-IT', label: 'Italian: 1.234,5, 27/11/2026' },
  { value: 'nl-NL', label: 'Dutch: 1.234,5, 27-11-2026' },
  { value: 'pl-PL', label: 'Polish: 1 234,5, 27.11.2026' },
];

export interface ReadingFieldsProps {
  readonly host: StudioHost;
  readonly draft: Draft;
  readonly rowsFile: RowsFile;
}

/** The template, and how the table is read where what was found out is not right. */
export function ReadingFields({ host, draft, rowsFile }: ReadingFieldsProps): ReactElement {
  const { data } = useRoute('templates.list', {});
  const [failure, setFailure] = useState<Error | undefined>(undefined);
  const templates = (data?.templates ?? []).filter(({ problem }) => problem === null);
  const chosen = draft.templateId ?? '';
  const read = async (change: RowReading): Promise<void> => {
    const reading = { ...draft.reading, ...change };
    const { upload } = draft;
    if (upload === undefined) return;
    try {
      const { file } = await host.request('batches.read_rows', { upload, reading });
      setFailure(undefined);
      changeDraft({ reading, rowsFile: file, row: 1 });
    } catch (error) {
      setFailure(error as Error);
    }
  };
  return (
    <section aria-label="Template and table" className="batch-fields">
      <Field label="Template">
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={[
              ...(chosen === '' ? [{ value: '', label: 'Choose a template' }] : []),
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onValue={(templateId) => changeDraft({ templateId: templateId === '' ? undefined : templateId })}
          />
        )}
      </Field>
      <Field label="Numbers and dates">
        {(control) => (
          <Select
            {...control}
            value={draft.locale}
            options={LOCALES}
            onValue={(locale) => changeDraft({ locale })}
          />
        )}
      </Field>
      {rowsFile.separator !== null && (
        <Field label="Between cells">
          {(control) => (
            <Select
              {...control}
              value={rowsFile.separator ?? ','}
              options={SEPARATORS}
              onValue={(separator) => void read({ separator })}
            />
          )}
        </Field>
      )}
      {rowsFile.encoding !== null && (
        <Field label="Encoding">
          {(control) => (
            <Select
              {...control}
              value={(rowsFile.encoding ?? 'utf-8') as Encoding}
              options={ENCODINGS}
              onValue={(encoding) => void read({ encoding })}
            />
          )}
        </Field>
      )}
      {rowsFile.sheets.length > 1 && (
        <Field label="Sheet">
          {(control) => (
            <Select
              {...control}
              value={draft.reading.sheet ?? rowsFile.sheets[0] ?? ''}
              options={rowsFile.sheets.map((sheet) => ({ value: sheet, label: sheet }))}
              onValue={(sheet) => void read({ sheet })}
            />
          )}
        </Field>
      )}
      {failure !== undefined && <FailureNote title="It cannot be read like this" failure={failure} />}
    </section>
  );
}
