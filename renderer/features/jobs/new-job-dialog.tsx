import { useEffect, useState, type ReactElement } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { parseJson } from '../../ui/json-text.ts';
import { Select } from '../../ui/select.tsx';
import { readSample, usable } from './job-actions.ts';
import { JsonArea } from './json-area.tsx';
import type { JobsStore } from './jobs-store.ts';
import { useSubmit } from './use-submit.ts';
import { useTemplates } from './use-templates.ts';
import './jobs-dialogs.css';

const PRIORITIES = [
  { value: '-10', label: 'When nothing else waits' },
  { value: '0', label: 'Normal' },
  { value: '10', label: 'Before all others' },
] as const;
type Priority = (typeof PRIORITIES)[number]['value'];

/** The option for data that is not a sample. */
const OWN = '';

export interface NewJobDialogProps {
  readonly store: JobsStore;
  readonly onClose: () => void;
}

/** One document from a template of the library. */
export function NewJobDialog({ store, onClose }: NewJobDialogProps): ReactElement {
  const { data: library, failure: unlisted } = useTemplates();
  const templates = library?.templates;
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [sample, setSample] = useState<string | undefined>(undefined);
  const [data, setData] = useState('{}');
  const [name, setName] = useState('');
  const [priority, setPriority] = useState<Priority>('0');
  const [unread, setUnread] = useState<Error | undefined>(undefined);
  const { sending, failure, send } = useSubmit(store);

  const template = templates?.find(({ id }) => id === chosen) ?? templates?.find(usable);
  const templateId = template?.id;
  const from = sample ?? template?.samples[0] ?? OWN;
  useEffect(() => {
    if (templateId === undefined || from === OWN) return undefined;
    let over = false;
    readSample(store.host, templateId, from).then(
      (text) => {
        if (!over) setData(text);
      },
      (error: unknown) => {
        if (!over) setUnread(error as Error);
      },
    );
    return () => {
      over = true;
      setUnread(undefined);
    };
  }, [store, templateId, from]);

  const parsed = parseJson(data);
  const ready = template !== undefined && parsed.ok;
  const generate = (): void => {
    if (!ready) return;
    const document_id = name.trim() === '' ? null : name.trim();
    const request = {
      html_template: { id: template.id },
      data: parsed.value,
      document_id,
      priority: Number(priority),
    };
    send(request, onClose);
  };

  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title="New job"
      description="One document from a template and its data."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={sending} disabled={!ready} onClick={generate}>
            Generate
          </Button>
        </>
      }
    >
      <div className="jobs-dialog-form">
        <Field label="Template">
          {(control) => (
            <Select
              {...control}
              autoFocus
              value={templateId ?? ''}
              options={(templates ?? []).map((each) => ({
                value: each.id,
                label: usable(each) ? each.name : `${each.name} (cannot be used)`,
                disabled: !usable(each),
              }))}
              onValue={(id) => {
                setChosen(id);
                setSample(undefined);
              }}
            />
          )}
        </Field>
        <Field label="Data from">
          {(control) => (
            <Select
              {...control}
              value={from}
              options={[
                ...(template?.samples ?? []).map((each) => ({ value: each, label: `Sample ${each}` })),
                { value: OWN, label: 'My own JSON' },
              ]}
              onValue={setSample}
            />
          )}
        </Field>
        <Field label="Document id" help="Names the file; you can search for it.">
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Priority">
          {(control) => <Select {...control} value={priority} options={PRIORITIES} onValue={setPriority} />}
        </Field>
      </div>
      <JsonArea
        label="Data"
        rows={12}
        value={data}
        onValue={(text) => {
          setData(text);
          setSample(OWN);
        }}
        onSend={generate}
      />
      {templates?.length === 0 && <p>There is no template yet. Make or import one under Templates.</p>}
      {unlisted !== undefined && <FailureNote failure={unlisted} title="The templates cannot be listed" />}
      {unread !== undefined && <FailureNote failure={unread} title="The sample cannot be read" />}
      {failure !== undefined && <FailureNote failure={failure} title="The job was not accepted" />}
    </Dialog>
  );
}
