import type { ReactElement } from 'react';
import type { StudioTemplate } from '../../../contract/studio.ts';

export interface TemplateListProps {
  readonly templates: readonly StudioTemplate[] | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** One template at a time: radio buttons, so that arrows move and screen readers say "2 of 5". */
export function TemplateList({ templates, selected, onSelect }: TemplateListProps): ReactElement {
  return (
    <fieldset className="template-list">
      <legend>Templates</legend>
      {templates === undefined && <p className="muted">Reading the library …</p>}
      {templates?.length === 0 && (
        <p className="muted">
          The library is empty. A template is a folder with a <code>template.html</code>;{' '}
          <code>npx influxion template import</code> brings one in.
        </p>
      )}
      {templates?.map((template) => (
        <label key={template.id} className="template">
          <input
            type="radio"
            name="template"
            value={template.id}
            checked={template.id === selected}
            onChange={() => onSelect(template.id)}
          />
          <span className="name" title={template.name}>
            {template.name}
          </span>
          {template.problem !== null && <span className="chip bad">problem</span>}
        </label>
      ))}
    </fieldset>
  );
}
