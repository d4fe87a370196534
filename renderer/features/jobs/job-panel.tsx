import {
  Ban,
  Copy,
  Download,
  FilePenLine,
  FileText,
  MoreHorizontal,
  RotateCcw,
  Terminal,
  Trash2,
  X,
} from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Job } from '../../../contract/job.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { copyAsCurl, runAgain, runWithChanges, saveDocument } from './job-actions.ts';
import { JobHistory } from './job-history.tsx';
import { JobOverview } from './job-overview.tsx';
import { JobRequest } from './job-request.tsx';
import { fullTime, isEnded, stateWords } from './job-words.ts';
import type { TemplatePlace } from './template-place.ts';
import type { JobsStore } from './jobs-store.ts';
import { StateMark } from './state-mark.tsx';
import { useJob, type JobDetails } from './use-job.ts';
import './job-panel.css';

export interface JobPanelProps {
  readonly store: JobsStore;
  readonly id: number;
  readonly openTemplate: (id: string, place?: TemplatePlace) => void;
}

/** All about one job, beside the list. */
export function JobPanel({ store, id, openTemplate }: JobPanelProps): ReactElement {
  const { data, failure } = useJob(id);
  const details = failure === undefined ? data : undefined;
  const close = (
    <IconButton
      label="Close"
      size="s"
      icon={<X aria-hidden />}
      onClick={() => store.actions.open(undefined)}
    />
  );
  return (
    <section className="job-panel" aria-label={`Job ${id}`}>
      {details === undefined ? (
        <>
          <header>
            <div className="title">
              <h2>Job {id}</h2>
              <span className="grow" />
              {close}
            </div>
          </header>
          <div className="job-body">
            {failure === undefined ? <Spinner label="Loading the job" /> : <FailureNote failure={failure} />}
          </div>
        </>
      ) : (
        <>
          <Head store={store} details={details} openTemplate={openTemplate} close={close} />
          <Body store={store} details={details} openTemplate={openTemplate} />
        </>
      )}
    </section>
  );
}

interface PartProps {
  readonly store: JobsStore;
  readonly details: JobDetails;
  readonly openTemplate: JobPanelProps['openTemplate'];
}

function Head({
  store,
  details: { job },
  openTemplate,
  close,
}: PartProps & { readonly close: ReactElement }): ReactElement {
  const { template_id } = job;
  return (
    <header>
      <div className="title">
        <h2>Job {job.id}</h2>
        <StateMark {...stateWords(job.status, job.progress?.stage, job.error_detail?.code)} />
        <span className="grow" />
        {close}
      </div>
      <p className="muted">
        {[job.document_id, template_id, fullTime(job.created_at)].filter((part) => part !== null).join(' · ')}
      </p>
      <div className="actions">
        <MainActions store={store} job={job} />
        {template_id !== null && (
          <Button size="s" icon={<FileText aria-hidden />} onClick={() => openTemplate(template_id)}>
            Open template
          </Button>
        )}
        <DropdownMenu
          align="end"
          trigger={<IconButton label="More" size="s" icon={<MoreHorizontal aria-hidden />} />}
          entries={moreActions(store, job)}
        />
      </div>
    </header>
  );
}

function MainActions({ store, job }: { readonly store: JobsStore; readonly job: Job }): ReactElement {
  const { host, actions } = store;
  if (!isEnded(job.status)) {
    return (
      <Button size="s" icon={<Ban aria-hidden />} onClick={() => void actions.bulk('cancel', [job.id])}>
        Cancel
      </Button>
    );
  }
  return (
    <>
      {job.status === 'Done' && (
        <Button size="s" icon={<Download aria-hidden />} onClick={() => saveDocument(host, job.id)}>
          Save PDF
        </Button>
      )}
      <Button size="s" icon={<RotateCcw aria-hidden />} onClick={() => runAgain(store, job.id, job.status)}>
        Run again
      </Button>
    </>
  );
}

function moreActions(store: JobsStore, job: Job): MenuEntry[] {
  const { host, actions } = store;
  const { document_id } = job;
  return [
    {
      label: 'Run with changes…',
      icon: <FilePenLine aria-hidden />,
      onSelect: () => runWithChanges(store, job.id),
    },
    { label: 'Copy as curl', icon: <Terminal aria-hidden />, onSelect: () => copyAsCurl(host, job.id) },
    {
      label: 'Copy document id',
      icon: <Copy aria-hidden />,
      disabled: document_id === null,
      onSelect: () => void navigator.clipboard.writeText(document_id ?? ''),
    },
    'line',
    {
      label: 'Delete…',
      icon: <Trash2 aria-hidden />,
      danger: true,
      disabled: !isEnded(job.status),
      onSelect: () => actions.ask({ kind: 'remove', ids: [job.id] }),
    },
  ];
}

const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'request', label: 'Request' },
  { id: 'history', label: 'History' },
] as const;

function Body({ store, details, openTemplate }: PartProps): ReactElement {
  const [tab, setTab] = useState<(typeof TABS)[number]['id']>('overview');
  const { job, client_name, states } = details;
  return (
    <Tabs label={`Job ${job.id}`} tabs={TABS} value={tab} onValue={setTab} className="job-tabs">
      <TabPanel id="overview" className="job-body">
        <JobOverview host={store.host} job={job} client={client_name} openTemplate={openTemplate} />
      </TabPanel>
      <TabPanel id="request" className="job-body">
        <JobRequest key={job.id} store={store} id={job.id} />
      </TabPanel>
      <TabPanel id="history" className="job-body">
        <JobHistory states={states} />
      </TabPanel>
    </Tabs>
  );
}
