/** What became of an action on many jobs, in words. */
import type { RouteOutput } from '../../../contract/studio/table.ts';
import { countJobs } from './job-words.ts';

export type BulkAction = 'retry' | 'cancel' | 'remove';
/** `download`: as one zip. */
export type RefusingAction = BulkAction | 'download';

export type BulkOutcome = RouteOutput<'jobs.cancel'>;

const DONE: Record<BulkAction, string> = { retry: 'run again', cancel: 'cancelled', remove: 'deleted' };

export const doneWords = (action: BulkAction, { done }: BulkOutcome): string =>
  `${countJobs(done.length)} ${action === 'retry' && done.length === 1 ? 'runs again' : DONE[action]}`;

/** Jobs that were refused for one reason. */
export interface Refusal {
  readonly reason: string;
  readonly ids: readonly number[];
}

/** By reason, the most frequent first. A reason that names its job is one reason with the others of its kind. */
export function refusals(refused: BulkOutcome['refused']): Refusal[] {
  const byReason = new Map<string, number[]>();
  for (const { id, reason } of refused) {
    const general = reason.replace(new RegExp(`\\bJob ${id}\\b`), 'It');
    byReason.set(general, [...(byReason.get(general) ?? []), id]);
  }
  return [...byReason]
    .map(([reason, ids]) => ({ reason, ids }))
    .sort((left, right) => right.ids.length - left.ids.length);
}
