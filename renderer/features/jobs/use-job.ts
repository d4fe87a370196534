import { useCallback } from 'react';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { RouteOutput } from '../../../contract/studio/table.ts';
import { useRoute, type RouteAnswer } from '../../host/use-route.ts';

export type JobDetails = RouteOutput<'jobs.get'>;

/** A job with its states, as it changes. The job shown last stays until the next one is there, so that nothing jumps. */
export function useJob(id: number): RouteAnswer<JobDetails> {
  const refreshOn = useCallback(
    (event: StudioEvent) => event.type === 'jobs.changed' && event.jobs.some((job) => job.id === id),
    [id],
  );
  return useRoute('jobs.get', { id }, { refreshOn });
}
