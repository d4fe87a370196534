import { ChevronDown, ChevronRight, Ellipsis, TriangleAlert } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { TemplateSummary } from '../../../../contract/template.ts';
import { ContextMenu, DropdownMenu, type MenuEntry } from '../../../ui/menu.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { exportTemplate } from '../template-actions.ts';
import { FileList } from './file-list.tsx';
import { useTemplates, useWorkspace } from './workspace-context.tsx';

export function TemplateRow({ template }: { readonly template: TemplateSummary }): ReactElement {
  const { id, name, problem, description } = template;
  const workspace = useWorkspace();
  const isOpen = useTemplates((state) => state.templateId === id);
  const [isFolded, setFolded] = useState(false);
  const entries: MenuEntry[] = [
    { label: 'Duplicate…', onSelect: () => workspace.ask({ kind: 'duplicate', id, name }) },
    { label: 'Rename…', onSelect: () => workspace.ask({ kind: 'rename', id, name }) },
    { label: 'Export as zip', onSelect: () => void exportTemplate(workspace, id) },
    'line',
    { label: 'Delete…', danger: true, onSelect: () => workspace.ask({ kind: 'remove', id, name }) },
  ];
  const isUnfolded = isOpen && !isFolded;
  return (
    <li>
      <div className="templates-row-line" data-open={isOpen}>
        <ContextMenu entries={entries}>
          <button
            type="button"
            data-row
            className="templates-row"
            aria-expanded={isUnfolded}
            aria-current={isOpen ? 'true' : undefined}
            title={problem ?? (description === '' ? undefined : description)}
            onClick={() => {
              if (isOpen) setFolded(!isFolded);
              else {
                setFolded(false);
                void workspace.openTemplate(id);
              }
            }}
          >
            {isUnfolded ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
            <span className="templates-row-name">{name}</span>
            {problem !== null && (
              <span className="templates-row-problem">
                <TriangleAlert aria-hidden="true" />
                <span className="visually-hidden">cannot be used: {problem}</span>
              </span>
            )}
          </button>
        </ContextMenu>
        <DropdownMenu
          align="end"
          trigger={
            <IconButton
              className="templates-row-more"
              label={`More for ${name}`}
              icon={<Ellipsis />}
              size="s"
            />
          }
          entries={entries}
        />
      </div>
      {problem !== null && isOpen && <p className="templates-row-why">{problem}</p>}
      {isUnfolded && <FileList />}
    </li>
  );
}
