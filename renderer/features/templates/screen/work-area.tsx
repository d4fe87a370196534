/** The middle of the screen: the file that is edited, its data, the document's settings. */
import { History, WandSparkles } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { FailureNote } from '../../../ui/failure-note.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Splitter } from '../../../ui/splitter.tsx';
import { TabPanel, Tabs, type Tab } from '../../../ui/tabs.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import { AssetsView } from '../assets/assets-view.tsx';
import { DataView } from '../data/data-view.tsx';
import { DocumentView } from '../document/document-view.tsx';
import { CSS_PATH, HTML_PATH, samplePath, type View } from '../files/views.ts';
import { generate } from '../template-actions.ts';
import { CodeEditor, formatDocument } from './lazy-editor.tsx';
import { ProblemsBar, ProblemsPanel } from './problems-panel.tsx';
import { SaveNotices, SaveStatus } from './save-status.tsx';
import { useTemplates, useWorkspace } from './workspace-context.tsx';

const idOf = (view: View): string => (view.kind === 'file' ? view.path : `:${view.kind}`);

function viewOf(id: string): View {
  if (id === ':data' || id === ':document' || id === ':assets') {
    return { kind: id.slice(1) as 'data' | 'document' | 'assets' };
  }
  return { kind: 'file', path: id };
}

export function WorkArea({ openJob }: { readonly openJob: (id: number) => void }): ReactElement {
  const workspace = useWorkspace();
  const view = useTemplates((state) => state.view);
  const lastFile = useTemplates((state) => state.lastFile);
  const sample = useTemplates((state) => state.sample);
  const openFailure = useTemplates((state) => state.openFailure);
  const hasCss = useTemplates((state) => state.texts[CSS_PATH] !== undefined);
  const [areProblemsOpen, setProblemsOpen] = useState(false);
  const paths = [HTML_PATH, ...(hasCss ? [CSS_PATH] : [])];
  if (!paths.includes(lastFile)) paths.push(lastFile);
  const tabs: Tab[] = [
    ...paths.map((path) => ({ id: path, label: path.replace(/^partials\//, '') })),
    { id: ':data', label: 'Data' },
    { id: ':document', label: 'Document' },
    ...(view.kind === 'assets' ? [{ id: ':assets', label: 'Images' }] : []),
  ];
  const shownPath =
    view.kind === 'file' ? view.path : view.kind === 'data' && sample !== null ? samplePath(sample) : null;

  const content = (
    <div className="templates-middle">
      {openFailure !== undefined && (
        <div className="templates-gone">
          <FailureNote
            failure={openFailure}
            title="This template cannot be read"
            actions={
              <Button size="s" onClick={() => void workspace.reread()}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      <SaveNotices />
      <Tabs
        className="templates-tabs"
        label="Parts of the template"
        tabs={tabs}
        value={idOf(view)}
        onValue={(id) => workspace.show(viewOf(id))}
        actions={
          <>
            {shownPath !== null && (
              <>
                <IconButton
                  label="Format"
                  size="s"
                  icon={<WandSparkles />}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => void formatDocument()}
                />
                <IconButton
                  label={`History of ${shownPath}`}
                  size="s"
                  icon={<History />}
                  onClick={() => workspace.ask({ kind: 'history', path: shownPath })}
                />
              </>
            )}
            <Tooltip text="Make the PDF of this sample as a job" shortcut="Mod+Enter">
              <Button variant="primary" onClick={() => void generate(workspace, openJob)}>
                Generate
              </Button>
            </Tooltip>
          </>
        }
      >
        <TabPanel id={idOf(view)} className="templates-panel">
          {view.kind === 'file' && <FileView path={view.path} />}
          {view.kind === 'data' && <DataView />}
          {view.kind === 'document' && <DocumentView />}
          {view.kind === 'assets' && <AssetsView />}
        </TabPanel>
      </Tabs>
    </div>
  );
  const bar = (
    <div className="templates-foot">
      <ProblemsBar isOpen={areProblemsOpen} onToggle={() => setProblemsOpen(!areProblemsOpen)} />
      <SaveStatus />
    </div>
  );
  return (
    <div className="templates-work">
      <Splitter
        id="templates.problems"
        direction="vertical"
        panes={
          areProblemsOpen
            ? [
                { id: 'content', content, minSize: '160px' },
                {
                  id: 'problems',
                  content: <ProblemsPanel />,
                  size: '160px',
                  minSize: '72px',
                  fixed: true,
                },
              ]
            : [{ id: 'content', content }]
        }
      />
      {bar}
    </div>
  );
}

function FileView({ path }: { readonly path: string }): ReactElement {
  const workspace = useWorkspace();
  const hasText = useTemplates((state) => state.texts[path] !== undefined);
  const isOpening = useTemplates((state) => state.isOpening || state.templateId === null);
  const problem = useTemplates((state) => state.files.find((file) => file.path === path)?.problem);
  if (hasText) return <CodeEditor workspace={workspace} path={path} />;
  if (isOpening) return <div className="templates-waiting" />;
  return (
    <p className="templates-no-text muted">
      {problem ?? `There is no ${path} in this template.`}{' '}
      {problem === undefined && path === HTML_PATH && (
        <Button size="s" onClick={() => workspace.edit(HTML_PATH, '<!doctype html>\n<h1></h1>\n')}>
          Make it
        </Button>
      )}
    </p>
  );
}
