/** Jobs as people speak of them: states, stages, places, times. */
import type { Job, JobStage, JobStatus } from '../../../contract/job.ts';

/** The code of a job that somebody ended: no failure. */
export const CANCELLED = 'JOB_CANCELLED';

export type StateTone = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface StateWords {
  readonly tone: StateTone;
  readonly label: string;
}

const STATES: Record<JobStatus, StateWords> = {
  Received: { tone: 'waiting', label: 'Waiting' },
  InProgress: { tone: 'running', label: 'Running' },
  Done: { tone: 'done', label: 'Done' },
  Error: { tone: 'failed', label: 'Failed' },
};

const RUNNING: Record<JobStage, string> = {
  queue: 'Running',
  render: 'Rendering',
  print: 'Printing',
  conform: 'Making it conform',
  sign: 'Signing',
  store: 'Storing',
};

/** `stage` where it is known: of a running job. `code` where it is known: of a failed one. */
export function stateWords(status: JobStatus, stage?: JobStage | null, code?: string | null): StateWords {
  if (status === 'InProgress' && stage != null) return { tone: 'running', label: RUNNING[stage] };
  if (status === 'Error' && code === CANCELLED) return { tone: 'cancelled', label: 'Cancelled' };
  return STATES[status];
}

export const STAGE_NAMES: Record<JobStage, string> = {
  queue: 'Waiting',
  render: 'Template',
  print: 'Print',
  conform: 'Standard',
  sign: 'Signature',
  store: 'Store',
};

type Times = Pick<Job, 'status' | 'created_at' | 'started_at' | 'completed_at'>;

/** From acceptance to the start of the latest attempt, in milliseconds; until `now` while it waits. */
export function waitedMs(job: Times, now: number): number | null {
  const end = job.status === 'Received' ? now : job.started_at === null ? null : Date.parse(job.started_at);
  return end === null ? null : Math.max(0, end - Date.parse(job.created_at));
}

/** Of the latest attempt, in milliseconds; until `now` while it runs, null before. */
export function ranMs(job: Times, now: number): number | null {
  if (job.started_at === null || job.status === 'Received') return null;
  const end = job.completed_at === null ? now : Date.parse(job.completed_at);
  return Math.max(0, end - Date.parse(job.started_at));
}

export const isEnded = (status: JobStatus): boolean => status === 'Done' || status === 'Error';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The clock for today, day and month before; `iso` as the contract writes it. */
export function shortTime(iso: string, now: number): string {
  const at = new Date(iso);
  return at.toDateString() === new Date(now).toDateString() ? CLOCK.format(at) : DAY.format(at);
}

export const fullTime = (iso: string): string => FULL.format(new Date(iso));

export const countJobs = (count: number): string =>
  count === 1 ? '1 job' : `${count.toLocaleString()} jobs`;

/** What a person calls it: their own name of the document, else the number. */
export const jobName = (job: Pick<Job, 'id' | 'document_id'>): string => job.document_id ?? `Job ${job.id}`;
