/** What people do to jobs that are kept: cancel, delete, try again. */
import type { Clock } from '../ports.ts';
import type { JobRepository } from '../store/job-repository.ts';
import type { Intake } from './intake.ts';
import { jobCancelled, jobNotFound, notCancellable, notRemovable, notRetryable } from './job-errors.ts';
import type { JobReader } from './job-reader.ts';
import { isEnded, toErrorDetail } from './job-row.ts';
import type { Caller, JobService } from './job-service.ts';
import type { Maintenance } from './maintenance.ts';
import type { RequestCache } from './request-cache.ts';
import type { Scheduler } from './scheduler.ts';

export interface JobControl extends Pick<JobService, 'delete' | 'retry'> {
  /** Ends a waiting or running job as JOB_CANCELLED; false when it has ended or is gone. */
  cancelIfOpen(id: number): Promise<boolean>;
  /** The same; JOB_STATE for one that has ended. */
  cancel(id: number, caller: Caller): Promise<void>;
  /** Deletes a job that has ended, with its document; JOB_STATE for one that has not. */
  remove(id: number, caller: Caller): Promise<void>;
}

export function createJobControl(deps: {
  readonly clock: Clock;
  readonly jobs: Pick<JobRepository, 'cancel' | 'requeue'>;
  readonly reader: JobReader;
  readonly scheduler: Scheduler;
  readonly requests: RequestCache;
  readonly intake: Pick<Intake, 'checkAgain'>;
  readonly maintenance: Pick<Maintenance, 'remove'>;
}): JobControl {
  const { clock, jobs, reader, scheduler } = deps;

  async function removeEnded(id: number): Promise<'deleted'> {
    if ((await deps.maintenance.remove([id])) === 0) throw jobNotFound(id);
    return 'deleted';
  }

  async function cancelIfOpen(id: number): Promise<boolean> {
    const reason = jobCancelled();
    const detail = toErrorDetail(reason, scheduler.stageOf(id) ?? 'queue');
    const cancelled = await scheduler.commit((note) => note(jobs.cancel(id, detail, clock.now())));
    if (cancelled === undefined) return false;
    deps.requests.take(id);
    scheduler.abort(id, reason);
    return true;
  }

  return {
    cancelIfOpen,

    async cancel(id, caller) {
      reader.row(id, caller);
      if (!(await cancelIfOpen(id))) throw notCancellable(reader.row(id, caller));
    },

    async remove(id, caller) {
      const row = reader.row(id, caller);
      if (!isEnded(row.status)) throw notRemovable(row);
      await removeEnded(id);
    },

    async delete(id, caller) {
      if (isEnded(reader.row(id, caller).status)) return removeEnded(id);
      return (await cancelIfOpen(id)) ? 'cancelled' : removeEnded(id);
    },

    async retry(id, caller) {
      reader.row(id, caller);
      await deps.intake.checkAgain();
      await scheduler.commit((note) => {
        if (note(jobs.requeue(id, clock.now())) === undefined) throw notRetryable(reader.row(id, caller));
      });
      return reader.get(id, caller);
    },
  };
}
