import { TriangleAlert } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { Job, JobSignature } from '../../../contract/job.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { commonName } from '../../ui/certificate-name.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { stageText } from '../../ui/failure-text.ts';
import { formatBytes, formatDuration } from '../../ui/quantity.ts';
import { standardNames } from '../../ui/standard-name.ts';
import { ViolationList } from '../../ui/violation-list.tsx';
import { JobDocument } from './job-document.tsx';
import { JobStages } from './job-stages.tsx';
import { CANCELLED, isEnded, ranMs, waitedMs } from './job-words.ts';
import type { TemplatePlace } from './template-place.ts';
import { useNow } from './use-now.ts';

export interface JobOverviewProps {
  readonly host: StudioHost;
  readonly job: Job;
  /** Who asked for it. */
  readonly client: string;
  readonly openTemplate: (id: string, place?: TemplatePlace) => void;
}

export function JobOverview({ host, job, client, openTemplate }: JobOverviewProps): ReactElement {
  return (
    <>
      <Failure job={job} openTemplate={openTemplate} />
      <BrokenRules job={job} openTemplate={openTemplate} />
      <Warnings job={job} />
      <JobStages job={job} />
      <Facts job={job} client={client} />
      {job.status === 'Done' && job.error_detail === null && <JobDocument host={host} id={job.id} />}
    </>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  OUTPUT_MISSING: 'The document is gone',
};

function Failure({ job, openTemplate }: Pick<JobOverviewProps, 'job' | 'openTemplate'>): ReactElement | null {
  const { error_detail: detail, template_id } = job;
  if (detail === null || detail.code === CANCELLED || !isEnded(job.status)) return null;
  const failure: StudioFailure = { ...detail, errors: [], detail };
  const goTo =
    template_id === null ? {} : { onGoTo: (place: TemplatePlace) => openTemplate(template_id, place) };
  return (
    <FailureNote
      failure={failure}
      title={TITLES[detail.code] ?? `It failed ${stageText(detail.stage)}`}
      {...goTo}
    />
  );
}

/** Which rules of its standard the document breaks, and what can be done. */
function BrokenRules({
  job,
  openTemplate,
}: Pick<JobOverviewProps, 'job' | 'openTemplate'>): ReactElement | null {
  const { error_detail: detail, template_id } = job;
  if (detail?.code !== 'STANDARD_NOT_MET') return null;
  const violations = detail.violations ?? [];
  return (
    <section className="job-violations" aria-label="Rules that are broken">
      <h3>{violations.length === 1 ? '1 rule is broken' : `${violations.length} rules are broken`}</h3>
      <ViolationList withStandard violations={violations} />
      <p>
        What to do: mend the template where these rules name it, or choose another standard under Document.
        The preview shows the same rules with their lines while you type.
      </p>
      {template_id !== null && (
        <Button size="s" onClick={() => openTemplate(template_id)}>
          Mend the template
        </Button>
      )}
    </section>
  );
}

const signedBy = ({ key_id, level, subject }: JobSignature): ReactElement => (
  <>
    {commonName(subject)}{' '}
    <span className="muted">
      with {key_id}, PAdES {level}
    </span>
  </>
);

function Warnings({ job }: { readonly job: Job }): ReactElement | null {
  if (job.warnings.length === 0) return null;
  return (
    <section className="job-warnings" aria-label="Warnings">
      <h3>
        <TriangleAlert size={14} aria-hidden />
        {job.warnings.length === 1 ? '1 warning' : `${job.warnings.length} warnings`}
      </h3>
      <ul>
        {job.warnings.map(({ code, message, page, line }, index) => (
          <li key={index} title={code}>
            {message}
            {page !== undefined && <span className="muted"> Page {page}.</span>}
            {line !== undefined && <span className="muted"> Line {line}.</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ job, client }: Pick<JobOverviewProps, 'job' | 'client'>): ReactElement {
  const now = useNow(!isEnded(job.status));
  const waited = waitedMs(job, now);
  const ran = ranMs(job, now);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Template', job.template_id === null ? 'sent along with the request' : null],
    ['Standard', standardNames(job.pdf_standard)],
    ['Signed by', job.signature === null ? null : signedBy(job.signature)],
    ['Pages', job.pages],
    ['Size', job.size === null ? null : formatBytes(job.size)],
    ['Asked by', client],
    ['Waited', waited === null ? null : formatDuration(waited)],
    ['Took', ran === null ? null : formatDuration(ran)],
    ['Attempt', job.attempt === 0 ? 'not started yet' : job.attempt],
    ['Priority', job.priority === 0 ? null : job.priority],
    ['SHA-256', job.sha256 === null ? null : <code title={job.sha256}>{job.sha256.slice(0, 12)}…</code>],
  ];
  return (
    <dl className="job-facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
