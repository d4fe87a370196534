/** The sample that the preview is filled with: as a form, as JSON, or both beside each other. */
import { Plus } from 'lucide-react';
import { useMemo, useState, type ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { Select } from '../../../ui/select.tsx';
import { Splitter } from '../../../ui/splitter.tsx';
import { SCHEMA_PATH, samplePath } from '../files/views.ts';
import { CodeEditor } from '../screen/lazy-editor.tsx';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { addSample } from '../template-actions.ts';
import { sampleNames } from '../templates-state.ts';
import { DataForm } from './data-form.tsx';
import { fieldsOfData, fieldsOfSchema, type FormField } from './form-fields.ts';
import './data-view.css';

type Shown = 'form' | 'json' | 'both';
const REMEMBERED = 'influxion.data-view';
const WIDE_ENOUGH_PX = 1600;
const MAX_FORM_CHARS = 500_000;

function remembered(): Shown {
  const kept = localStorage.getItem(REMEMBERED);
  if (kept === 'form' || kept === 'json' || kept === 'both') return kept;
  return innerWidth < WIDE_ENOUGH_PX ? 'form' : 'both';
}

export function DataView(): ReactElement {
  const workspace = useWorkspace();
  const names = useTemplates(useShallow(sampleNames));
  const sample = useTemplates((state) => state.sample);
  const [shown, setShown] = useState(remembered);
  const reveal = useTemplates((state) => state.reveal);
  // A line can only be shown where there is text; what the person chose stays remembered.
  if (shown === 'form' && sample !== null && reveal?.path === samplePath(sample)) setShown('json');
  if (sample === null) {
    return (
      <EmptyState
        title="No sample yet"
        action={
          <>
            <Button
              variant="primary"
              onClick={() => void addSample(workspace, 'default', '{\n  "title": "Hello"\n}\n')}
            >
              New sample
            </Button>
            <Button onClick={() => workspace.ask({ kind: 'job-data' })}>From a job…</Button>
          </>
        }
      >
        A sample is the data that a document is made of. The editor completes and checks against it, and the
        preview shows it.
      </EmptyState>
    );
  }
  const path = samplePath(sample);
  const panes = [
    ...(shown === 'json' ? [] : [{ id: 'form', content: <FormPane path={path} />, minSize: '200px' }]),
    ...(shown === 'form' ? [] : [{ id: 'json', content: <JsonPane path={path} />, minSize: '200px' }]),
  ];
  return (
    <div className="templates-data">
      <div className="templates-bar">
        <Select
          size="s"
          aria-label="Sample"
          value={sample}
          options={names.map((name) => ({ value: name, label: name }))}
          onValue={workspace.chooseSample}
        />
        <DropdownMenu
          trigger={
            <Button size="s" variant="quiet" icon={<Plus />}>
              Sample
            </Button>
          }
          entries={[
            { label: 'New sample…', onSelect: () => workspace.ask({ kind: 'new-sample' }) },
            { label: 'From a job…', onSelect: () => workspace.ask({ kind: 'job-data' }) },
            'line',
            { label: 'Rename…', onSelect: () => workspace.ask({ kind: 'rename-file', path }) },
            { label: 'Delete…', danger: true, onSelect: () => workspace.ask({ kind: 'remove-file', path }) },
          ]}
        />
        <span className="templates-bar-space" />
        <Select<Shown>
          size="s"
          aria-label="Show the data as"
          value={shown}
          options={[
            { value: 'both', label: 'Form and JSON' },
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
          onValue={(choice) => {
            localStorage.setItem(REMEMBERED, choice);
            setShown(choice);
          }}
        />
      </div>
      <div className="templates-data-panes">
        <Splitter id="templates.data" direction="horizontal" panes={panes} />
      </div>
    </div>
  );
}

function JsonPane({ path }: { readonly path: string }): ReactElement {
  const workspace = useWorkspace();
  const hasText = useTemplates((state) => state.texts[path] !== undefined);
  if (hasText) return <CodeEditor workspace={workspace} path={path} />;
  return (
    <p className="templates-no-text muted">
      This sample is too large to be edited here. It is used for the preview as it is.
    </p>
  );
}

function FormPane({ path }: { readonly path: string }): ReactElement {
  const workspace = useWorkspace();
  const text = useTemplates((state) => state.texts[path]);
  const schema = useTemplates((state) => state.texts[SCHEMA_PATH]);
  const data = useMemo(() => parsed(text), [text]);
  const form = useMemo((): FormField => {
    const fromSchema = schema === undefined ? undefined : fieldsOfSchema(parsed(schema)?.value);
    return fromSchema?.kind === 'object' ? fromSchema : fieldsOfData(data === undefined ? [] : [data.value]);
  }, [schema, data]);
  if (text === undefined || text.length > MAX_FORM_CHARS) {
    return <p className="templates-no-text muted">This sample is too large for a form.</p>;
  }
  if (data === undefined) {
    return (
      <p className="templates-no-text" role="status">
        The JSON has a mistake; Problems says where. The form comes back when it is mended.
      </p>
    );
  }
  return (
    <DataForm
      key={path}
      text={text}
      value={data.value}
      form={form}
      onText={(next) => workspace.edit(path, next)}
    />
  );
}

function parsed(text: string | undefined): { readonly value: unknown } | undefined {
  if (text === undefined || text.length > MAX_FORM_CHARS) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
