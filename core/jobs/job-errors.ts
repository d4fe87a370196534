/** The failures that the queue itself speaks of. */
import type { JobStatus } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';

export function jobNotFound(id: number): InfluxionError {
  return new InfluxionError('JOB_NOT_FOUND', `There is no job ${id}.`);
}

export function jobCancelled(): InfluxionError {
  return new InfluxionError('JOB_CANCELLED', 'The job was cancelled.');
}

export function shuttingDown(): InfluxionError {
  return new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.', {
    hint: 'Try again in a moment.',
    retryAfterSeconds: 5,
  });
}

export function jobPoison(attempts: number): InfluxionError {
  return new InfluxionError(
    'JOB_POISON',
    `Influxion stopped unexpectedly during each of the ${attempts} attempts at this job, so it was given up.`,
    { hint: 'Check the template and its data for something very large, then retry the job.' },
  );
}

export function attemptTooLong(limitMs: number): InfluxionError {
  return new InfluxionError(
    'PRINT_TIMEOUT',
    `The attempt was stopped because it took longer than ${Math.round(limitMs / 1000)} seconds.`,
  );
}

/** The reason of an attempt whose job was given to another one. */
export function attemptSuperseded(): InfluxionError {
  return new InfluxionError('JOB_STATE', 'Another attempt has taken this job over.');
}

interface StatedJob {
  readonly id: number;
  readonly status: JobStatus;
}

const STATES: Readonly<Record<JobStatus, string>> = {
  Received: 'is still waiting',
  InProgress: 'is still running',
  Done: 'is done',
  Error: 'failed',
};

const refused = ({ id, status }: StatedJob, rule: string): InfluxionError =>
  new InfluxionError('JOB_STATE', `Job ${id} ${STATES[status]}; ${rule}.`);

export function notRetryable(job: StatedJob): InfluxionError {
  return refused(job, 'only a failed job can be retried');
}

export function notCancellable(job: StatedJob): InfluxionError {
  return refused(job, 'only a waiting or running job can be cancelled');
}

export function notRemovable(job: StatedJob): InfluxionError {
  return refused(job, 'cancel it before it is deleted');
}
