import { ListChecks, SearchX } from 'lucide-react';
import { useEffect, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { HostProvider } from '../../host/host-context.tsx';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { Splitter, type Pane } from '../../ui/splitter.tsx';
import { JobPanel } from './job-panel.tsx';
import { generateSample } from './job-actions.ts';
import { commandsWorkOn } from './job-commands.ts';
import { JobsBar } from './jobs-bar.tsx';
import { JobsDialogs } from './jobs-dialogs.tsx';
import { jobsStoreOf } from './jobs-of-host.ts';
import type { JobsStore } from './jobs-store.ts';
import { JobsTable } from './jobs-table.tsx';
import { RefusedNote } from './refused-note.tsx';
import type { TemplatePlace } from './template-place.ts';
import './jobs-screen.css';

export interface JobsScreenProps {
  readonly host: StudioHost;
  /** Shows a template in the editor, at the place where a job failed if there is one. */
  readonly openTemplate: (id: string, place?: TemplatePlace) => void;
}

/** The queue and what became of it: every document that was asked for, from here or by a program. */
export function JobsScreen({ host, openTemplate }: JobsScreenProps): ReactElement {
  const store = jobsStoreOf(host);
  const openId = useStore(store, (state) => state.openId);
  useEffect(() => {
    commandsWorkOn(store);
    return store.actions.watch();
  }, [store]);
  const list = <JobsList store={store} />;
  const panes: Pane[] = [{ id: 'list', content: list, minSize: '320px' }];
  if (openId !== undefined) {
    const panel = <JobPanel store={store} id={openId} openTemplate={openTemplate} />;
    panes.push({ id: 'job', content: panel, size: '440px', minSize: '320px', fixed: true });
  }
  return (
    <HostProvider value={host}>
      <div className="jobs-screen">
        <h1 className="visually-hidden">Jobs</h1>
        <Splitter id="jobs" direction="horizontal" panes={panes} />
        <JobsDialogs store={store} />
      </div>
    </HostProvider>
  );
}

function JobsList({ store }: { readonly store: JobsStore }): ReactElement {
  const failure = useStore(store, (state) => state.failure);
  return (
    <div className="jobs-list">
      <JobsBar store={store} />
      <RefusedNote store={store} />
      {failure !== undefined && (
        <FailureNote
          failure={failure}
          title="The list is not up to date"
          actions={
            <Button size="s" onClick={store.actions.reload}>
              Try again
            </Button>
          }
        />
      )}
      <Rows store={store} />
    </div>
  );
}

function Rows({ store }: { readonly store: JobsStore }): ReactElement | null {
  const total = useStore(store, (state) => state.list.total);
  const filtered = useStore(store, (state) => Object.keys(state.filter).length > 0);
  const failed = useStore(store, (state) => state.failure !== undefined);
  const shown = useStore(store, (state) => state.filter);
  // Later the table says which rows it shows.
  useEffect(() => {
    if (total === undefined) store.actions.show(0, 0);
  }, [store, shown, total]);
  if (total === undefined) return failed ? null : <Loading />;
  if (total > 0) return <JobsTable store={store} />;
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="No job matches"
        action={<Button onClick={store.actions.clearFilter}>Show all jobs</Button>}
      >
        No job has this state, template and text together.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ListChecks aria-hidden />}
      title="No jobs yet"
      action={
        <>
          <Button variant="primary" onClick={() => generateSample(store)}>
            Generate a sample
          </Button>
          <Button onClick={() => store.actions.ask({ kind: 'new' })}>New job…</Button>
        </>
      }
    >
      Every document that is made is a job: from here, from a template or from a program over the API. You see
      its state here, keep its PDF and find out why one failed.
    </EmptyState>
  );
}

function Loading(): ReactElement {
  return (
    <div className="jobs-loading">
      <Spinner label="Loading jobs" />
    </div>
  );
}
