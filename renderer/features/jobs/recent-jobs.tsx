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

/** What a row says at its end: the reason of a failure, or what deserves a look. */
function note(job: StudioJob): string {
  if (job.error !== null) return job.error;
  const [first, ...more] = job.warnings;
  if (first === undefined) return '';
  return more.length === 0 ? first.message : `${first.message} (and ${more.length} more)`;
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

function Row({ job }: { readonly job: StudioJob }): ReactElement {
  return (
    <tr>
      <td className="number">{job.id}</td>
      <td>
        <span className={`chip ${TONES[job.status]}`}>{state(job)}</span>
      </td>
      <td>{job.template_id ?? <span className="muted">inline</span>}</td>
      <td className="number">{time.format(new Date(job.created_at))}</td>
      <td className="number">{job.duration_ms === null ? '' : formatDuration(job.duration_ms)}</td>
      <td className="number">{job.pages ?? ''}</td>
      <td className="number">{job.size === null ? '' : formatBytes(job.size)}</td>
      <td className="note" title={note(job)}>
        {note(job)}
      </td>
    </tr>
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
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        <div className="rows" tabIndex={0} role="region" aria-labelledby="jobs-heading">
          <table>
            <thead>
              <tr>
                <th scope="col" className="number">
                  Job
                </th>
                <th scope="col">State</th>
                <th scope="col">Template</th>
                <th scope="col" className="number">
                  Accepted
                </th>
                <th scope="col" className="number">
                  Took
                </th>
                <th scope="col" className="number">
                  Pages
                </th>
                <th scope="col" className="number">
                  Size
                </th>
                <th scope="col">Note</th>
              </tr>
            </thead>
            <tbody>
              {jobs?.map((job) => (
                <Row key={job.id} job={job} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
