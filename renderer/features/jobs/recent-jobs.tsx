import type { ReactElement } from 'react';
import type { StudioJob } from '../../../contract/studio.ts';
import { formatBytes, formatDuration } from '../../ui/quantity.ts';
import './recent-jobs.css';

const TONES = { Received: 'plain', InProgress: 'run', Done: 'ok', Error: 'bad' } as const;
const STAGES = { queue: 'In progress', render: 'Rendering', print: 'Printing', store: 'Storing' } as const;

function state(job: StudioJob): string {
  switch (job.status) {
    case 'Received':
      return 'Waiting';
    case 'InProgress':
      return STAGES[job.stage ?? 'queue'];
    case 'Done':
      return 'Done';
    case 'Error':
      return 'Failed';
  }
}

/** What stands below a row: the reason of a failure, or what deserves a look. */
function note(job: StudioJob): string {
  if (job.error !== null) return job.error;
  const [first, ...more] = job.warnings;
  if (first === undefined) return '';
  return more.length === 0 ? first.message : `${first.message} (and ${more.length} more)`;
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

const COLUMNS = [
  ['Job', 'number'],
  ['State', ''],
  ['Template', ''],
  ['Accepted', 'number wide-only'],
  ['Took', 'number'],
  ['Pages', 'number'],
  ['Size', 'number'],
] as const;

function Rows({ job }: { readonly job: StudioJob }): ReactElement {
  const said = note(job);
  return (
    <>
      <tr className="job">
        <td className="number">{job.id}</td>
        <td>
          <span className={`chip ${TONES[job.status]}`}>{state(job)}</span>
        </td>
        <td className="name">{job.template_id ?? <span className="muted">inline</span>}</td>
        <td className="number wide-only">{time.format(new Date(job.created_at))}</td>
        <td className="number">{job.duration_ms === null ? '' : formatDuration(job.duration_ms)}</td>
        <td className="number">{job.pages ?? ''}</td>
        <td className="number">{job.size === null ? '' : formatBytes(job.size)}</td>
      </tr>
      {said !== '' && (
        <tr>
          <td />
          <td colSpan={COLUMNS.length - 1} className="note" title={said}>
            {said}
          </td>
        </tr>
      )}
    </>
  );
}

export function RecentJobs({ jobs }: { readonly jobs: readonly StudioJob[] | undefined }): ReactElement {
  return (
    <section className="recent-jobs" aria-labelledby="jobs-heading">
      <h2 id="jobs-heading">Recent jobs</h2>
      {jobs?.length === 0 ? (
        <p className="muted">
          Each document is a job, from here or from a program. The newest will stand in this list.
        </p>
      ) : (
        // What scrolls must be reachable by keyboard (WCAG 2.1.1).
        <div className="rows" tabIndex={0} role="group" aria-labelledby="jobs-heading">
          <table>
            <thead>
              <tr>
                {COLUMNS.map(([name, kind]) => (
                  <th key={name} scope="col" className={kind}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {jobs?.map((job) => (
                <Rows key={job.id} job={job} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
