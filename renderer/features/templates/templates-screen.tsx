import { FilePlus } from 'lucide-react';
import { useEffect, useMemo, useState, useSyncExternalStore, type DragEvent, type ReactElement } from 'react';
import type { JobWarning } from '../../../contract/job.ts';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import { HostProvider } from '../../host/host-context.tsx';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Splitter } from '../../ui/splitter.tsx';
import { TemplateDialogs } from './dialogs/template-dialogs.tsx';
import { samplePath } from './files/views.ts';
import { ElsewhereProvider, type Elsewhere } from './screen/elsewhere-context.tsx';
import { LibraryBar } from './screen/library-bar.tsx';
import { useTemplates, WorkspaceProvider } from './screen/workspace-context.tsx';
import { WorkArea } from './screen/work-area.tsx';
import { takeInFiles } from './template-actions.ts';
import { commandsWorkOn } from './template-commands.ts';
import { dataOf, type EditorPlace } from './templates-state.ts';
import { templatesWorkspace, type TemplatesWorkspace } from './templates-workspace.ts';
import './templates-screen.css';

/** What the preview is told, and tells. */
export interface PreviewSlot {
  readonly editor: {
    /** `edits` are texts that are no longer what was opened, by path; `data` is the JSON text of the sample. */
    readonly get: () => {
      readonly templateId: string | null;
      readonly edits: Readonly<Record<string, string>>;
      readonly data: string;
      /** The file that the data stands in. */
      readonly dataPath: string | null;
      readonly cursor: EditorPlace | null;
    };
    readonly subscribe: (listener: () => void) => () => void;
  };
  readonly onGoTo: (place: EditorPlace) => void;
  readonly onFailure: (failure: StudioFailure | undefined) => void;
  readonly onWarnings: (warnings: readonly JobWarning[]) => void;
  readonly onConformance: (conformance: readonly PreviewConformance[]) => void;
}

/** JSON is a sample here; the batches screen takes a table of it. */
const TABLE_NAME = /\.(?:csv|tsv|jsonl|ndjson|xlsx|ods)$/i;

export interface TemplatesScreenProps extends Elsewhere {
  readonly host: StudioHost;
  readonly preview: (slot: PreviewSlot) => ReactElement;
  /** A table was dropped on the open template: one document for each of its rows. */
  readonly openRows: (file: File, templateId: string | undefined) => void;
  /** Shows a job that was sent from here. */
  readonly openJob: (id: number) => void;
}

/** Where documents are designed: the library, the editor and the preview beside each other. */
export function TemplatesScreen({
  host,
  preview,
  openJob,
  openRows,
  openKeys,
  openSettings,
}: TemplatesScreenProps): ReactElement {
  const workspace = templatesWorkspace(host);
  const [isDragged, setDragged] = useState(false);
  const isNarrow = useNarrow();
  const elsewhere = useMemo(() => ({ openKeys, openSettings }), [openKeys, openSettings]);
  useEffect(() => {
    commandsWorkOn({ workspace, openJob });
    return () => commandsWorkOn(undefined);
  }, [workspace, openJob]);

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDragged(false);
    const files = [...event.dataTransfer.files];
    const table = files.find(({ name }) => TABLE_NAME.test(name));
    if (table !== undefined) openRows(table, workspace.store.getState().templateId ?? undefined);
    const others = files.filter(({ name }) => !TABLE_NAME.test(name));
    if (others.length > 0) void takeInFiles(workspace, others);
  };
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files');
  const library = {
    id: 'library',
    content: <LibraryBar />,
    size: '232px',
    minSize: '160px',
    maxSize: '420px',
    fixed: true,
  };
  const work = { id: 'work', content: <Work workspace={workspace} openJob={openJob} />, minSize: '320px' };
  const pages = {
    id: 'preview',
    content: <Preview workspace={workspace} preview={preview} />,
    size: '39%',
    minSize: '280px',
  };

  return (
    <HostProvider value={host}>
      <ElsewhereProvider value={elsewhere}>
        <WorkspaceProvider value={workspace}>
          <div
            className="templates-screen"
            data-dragged={isDragged}
            onDragOver={(event) => {
              if (!hasFiles(event)) return;
              event.preventDefault();
              setDragged(true);
            }}
            onDragLeave={(event) => {
              if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragged(false);
            }}
            onDrop={onDrop}
          >
            <h1 className="visually-hidden">Templates</h1>
            {isNarrow ? (
              <Splitter
                id="templates.narrow"
                direction="horizontal"
                panes={[
                  library,
                  {
                    id: 'stack',
                    content: (
                      <Splitter
                        id="templates.stack"
                        direction="vertical"
                        panes={[
                          { ...work, minSize: '180px' },
                          { ...pages, minSize: '160px' },
                        ]}
                      />
                    ),
                  },
                ]}
              />
            ) : (
              <Splitter id="templates" direction="horizontal" panes={[library, work, pages]} />
            )}
            {isDragged && (
              <p className="templates-drop">
                Drop a .zip or .html template, a .json sample, images or fonts, or a table (.csv, .xlsx) for a
                batch
              </p>
            )}
            <TemplateDialogs />
          </div>
        </WorkspaceProvider>
      </ElsewhereProvider>
    </HostProvider>
  );
}

interface WorkProps {
  readonly workspace: TemplatesWorkspace;
  readonly openJob: (id: number) => void;
}

function Work({ workspace, openJob }: WorkProps): ReactElement {
  const hasTemplate = useTemplates((state) => state.templateId !== null);
  const isEmpty = useTemplates((state) => state.list?.length === 0);
  if (hasTemplate) return <WorkArea openJob={openJob} />;
  if (!isEmpty) return <div className="templates-waiting" />;
  return (
    <EmptyState
      icon={<FilePlus aria-hidden="true" />}
      title="Begin with a template"
      action={
        <Button variant="primary" onClick={() => workspace.ask({ kind: 'create' })}>
          New template
        </Button>
      }
    >
      It starts as a page that can be printed at once. Drop a .zip or .html file to bring one along.
    </EmptyState>
  );
}

interface PreviewProps {
  readonly workspace: TemplatesWorkspace;
  readonly preview: TemplatesScreenProps['preview'];
}

function Preview({ workspace, preview }: PreviewProps): ReactElement {
  const slot = useMemo(() => slotOf(workspace), [workspace]);
  return preview(slot);
}

function slotOf({ store, ...workspace }: TemplatesWorkspace): PreviewSlot {
  return {
    editor: {
      get: () => {
        const state = store.getState();
        const { edits, cursor, sample } = state;
        return {
          templateId: state.isOpening ? null : state.templateId,
          edits,
          data: dataOf(state),
          dataPath: sample === null ? null : samplePath(sample),
          cursor,
        };
      },
      subscribe: (listener) => store.subscribe(listener),
    },
    onGoTo: workspace.goTo,
    onFailure: workspace.setFailure,
    onWarnings: workspace.setWarnings,
    onConformance: workspace.setConformance,
  };
}

const narrow = '(max-width: 1000px)';
const subscribeNarrow = (listener: () => void): (() => void) => {
  const query = matchMedia(narrow);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};
const useNarrow = (): boolean => useSyncExternalStore(subscribeNarrow, () => matchMedia(narrow).matches);
