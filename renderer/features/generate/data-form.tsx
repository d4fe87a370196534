import { useId, useRef, type KeyboardEvent, type ReactElement, type SubmitEvent } from 'react';
import type { StudioTemplate } from '../../../contract/studio.ts';
import { Failure } from '../../ui/failure.tsx';
import { parseJson } from './json-text.ts';
import type { Draft } from './use-draft.ts';

export interface DataFormProps {
  readonly template: StudioTemplate | undefined;
  readonly sample: string | undefined;
  readonly onSample: (name: string) => void;
  readonly draft: Draft;
  readonly running: boolean;
  readonly onGenerate: (templateId: string, data: unknown) => void;
  readonly onCancel: () => void;
}

export function DataForm(props: DataFormProps): ReactElement {
  const { template, draft, running } = props;
  const id = useId();
  const editor = useRef<HTMLTextAreaElement>(null);
  const parsed = parseJson(draft.text);
  const ready = template !== undefined && template.problem === null && !draft.loading;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!ready || running) return;
    if (parsed.ok) {
      props.onGenerate(template.id, parsed.value);
      return;
    }
    editor.current?.focus();
    if (parsed.position !== undefined)
      editor.current?.setSelectionRange(parsed.position, parsed.position + 1);
  };
  const submitOnCtrlEnter = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
  };

  return (
    <form className="data-form" onSubmit={submit} aria-label="Data and PDF">
      <div className="pane-bar">
        <label htmlFor={`${id}-sample`}>Sample data</label>
        <select
          id={`${id}-sample`}
          value={props.sample ?? ''}
          disabled={(template?.samples.length ?? 0) === 0}
          onChange={(event) => props.onSample(event.currentTarget.value)}
        >
          {template?.samples.length === 0 && <option value="">none</option>}
          {template?.samples.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span className="grow" />
        {running && (
          <button type="button" className="button" onClick={props.onCancel}>
            Cancel
          </button>
        )}
        <button type="submit" className="button primary" disabled={!ready || running}>
          {running ? 'Generating …' : 'Generate PDF'}
        </button>
      </div>
      <label htmlFor={`${id}-data`} className="visually-hidden">
        Data of the document, as JSON
      </label>
      <textarea
        id={`${id}-data`}
        ref={editor}
        value={draft.text}
        onChange={(event) => draft.edit(event.currentTarget.value)}
        onKeyDown={submitOnCtrlEnter}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        aria-invalid={!parsed.ok}
        aria-describedby={`${id}-state`}
      />
      {draft.error !== undefined && <Failure error={draft.error} />}
      <div className={parsed.ok ? 'data-state muted' : 'data-state bad'}>
        <p id={`${id}-state`} role="status">
          {parsed.ok ? 'Valid JSON. Ctrl+Enter generates.' : parsed.message}
        </p>
        {draft.edited && (
          <button type="button" className="link" onClick={draft.reset}>
            Undo edits
          </button>
        )}
      </div>
    </form>
  );
}
