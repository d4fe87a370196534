/** The side bar: every template, and the files of the one that is open. */
import { Plus } from 'lucide-react';
import { useRef, useState, type ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FailureNote } from '../../../ui/failure-note.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { SearchInput } from '../../../ui/input.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { takeInFiles } from '../template-actions.ts';
import { moveInList } from './list-keys.ts';
import { TemplateRow } from './template-row.tsx';
import { useTemplates, useWorkspace } from './workspace-context.tsx';
import './library-bar.css';

/** So that a command finds it. */
export const SEARCH_ID = 'templates-search';

const ACCEPTED = '.zip,.html,.htm,.hbs,.json,image/*,.ttf,.otf,.woff,.woff2';

export function LibraryBar(): ReactElement {
  const workspace = useWorkspace();
  const [search, setSearch] = useState('');
  const chooser = useRef<HTMLInputElement>(null);
  const list = useTemplates((state) => state.list);
  const failure = useTemplates((state) => state.listFailure);
  const wanted = search.trim().toLowerCase();
  const shown = (list ?? []).filter(
    ({ id, name, description }) =>
      wanted === '' || `${id} ${name} ${description}`.toLowerCase().includes(wanted),
  );
  const create = (): void => workspace.ask({ kind: 'create' });

  return (
    <nav className="templates-library" aria-label="Templates">
      <div className="templates-library-head">
        <SearchInput
          id={SEARCH_ID}
          label={list === undefined ? 'Search templates' : `Search ${list.length} templates`}
          value={search}
          onValue={setSearch}
        />
        <DropdownMenu
          align="end"
          trigger={<IconButton label="New or import" icon={<Plus />} />}
          entries={[
            { label: 'New template…', onSelect: create },
            { label: 'Import files…', onSelect: () => chooser.current?.click() },
          ]}
        />
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={ACCEPTED}
          onChange={(event) => {
            void takeInFiles(workspace, [...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      {failure !== undefined && (
        <FailureNote
          failure={failure}
          title="The templates could not be read"
          actions={
            <Button size="s" onClick={() => void workspace.refreshList()}>
              Try again
            </Button>
          }
        />
      )}
      {list === undefined && failure === undefined && <Spinner label="Reading the templates" />}
      {list?.length === 0 && (
        <EmptyState
          title="No templates yet"
          action={
            <Button variant="primary" onClick={create}>
              New template
            </Button>
          }
        >
          A template is the HTML and CSS of a kind of document. Make one, or drop a .zip or .html file here.
        </EmptyState>
      )}
      {list !== undefined && list.length > 0 && shown.length === 0 && (
        <p className="muted templates-library-none">No template matches “{search}”.</p>
      )}
      <ul className="templates-library-list" onKeyDown={moveInList}>
        {shown.map((template) => (
          <TemplateRow key={template.id} template={template} />
        ))}
      </ul>
    </nav>
  );
}
