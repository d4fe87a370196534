import type { ReactElement } from 'react';
import { JOB_STAGES, type Job, type JobStage } from '../../../contract/job.ts';
import { formatDuration } from '../../ui/quantity.ts';
import { CANCELLED, ranMs, STAGE_NAMES } from './job-words.ts';

/** A stage that did not end is not measured: it took what the others of the attempt left. */
function withLastStage(job: Job, endedAt: JobStage): Job['timings_ms'] {
  const { timings_ms: timings } = job;
  if (endedAt === 'queue' || timings[endedAt] !== undefined) return timings;
  const others = JOB_STAGES.filter((stage) => stage !== 'queue');
  const known = others.reduce((sum, stage) => sum + (timings[stage] ?? 0), 0);
  return { ...timings, [endedAt]: Math.max(0, (ranMs(job, Date.now()) ?? 0) - known) };
}

/** Where the time of the latest attempt went. */
export function JobStages({ job }: { readonly job: Job }): ReactElement | null {
  const { progress, error_detail: detail } = job;
  const endedAt = job.status === 'Error' && detail !== null ? detail.stage : undefined;
  const how = detail?.code === CANCELLED ? 'cancelled' : 'failed';
  const timings = endedAt === undefined ? job.timings_ms : withLastStage(job, endedAt);
  const runningAt = progress === null || job.status !== 'InProgress' ? undefined : progress.stage;
  const shown = JOB_STAGES.filter(
    (stage) => timings[stage] !== undefined || stage === endedAt || stage === runningAt,
  );
  if (shown.length === 0) return null;
  const total = JOB_STAGES.reduce((sum, stage) => sum + (timings[stage] ?? 0), 0);
  const mark = (stage: JobStage): string => (stage === endedAt ? how : stage === runningAt ? 'running' : '');
  return (
    <section className="job-stages" aria-label="Stages">
      <h3>Stages{total > 0 && <span className="muted"> · {formatDuration(total)}</span>}</h3>
      <div className="bar" aria-hidden>
        {shown.map((stage) => (
          // A stage that took next to nothing is still seen.
          <span
            key={stage}
            className={`${stage} ${mark(stage)}`}
            style={{ flexGrow: Math.max(timings[stage] ?? 0, total * 0.02, 1) }}
          />
        ))}
      </div>
      <ul>
        {shown.map((stage) => (
          <li key={stage} className={mark(stage)}>
            <span className={`dot ${stage} ${mark(stage)}`} aria-hidden />
            {STAGE_NAMES[stage]} {timings[stage] === undefined ? '' : formatDuration(timings[stage])}
            {stage === endedAt && ` ${how}`}
            {stage === runningAt && ' now'}
          </li>
        ))}
      </ul>
    </section>
  );
}
