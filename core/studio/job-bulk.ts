/** One call for many jobs: each has its own outcome, and none holds the others up. */
import { setImmediate } from 'node:timers/promises';
import { InfluxionError } from '../error.ts';

export interface BulkOutcomes {
  readonly done: number[];
  readonly refused: { id: number; reason: string }[];
}

/** Jobs that share one transaction; between two of them the event loop goes on. */
const BATCH = 50;

/** `act` rejects with why a job is refused. What is no such refusal, a full disk or a stopping host, ends the call. */
export async function forEachJob(
  ids: readonly number[],
  act: (id: number) => Promise<unknown>,
): Promise<BulkOutcomes> {
  const outcomes: BulkOutcomes = { done: [], refused: [] };
  const wanted = [...new Set(ids)];
  for (let from = 0; from < wanted.length; from += BATCH) {
    const batch = wanted.slice(from, from + BATCH);
    const results = await Promise.allSettled(batch.map((id) => act(id)));
    results.forEach((result, at) => {
      const id = batch[at] ?? 0;
      if (result.status === 'fulfilled') outcomes.done.push(id);
      else outcomes.refused.push({ id, reason: InfluxionError.from(result.reason).message });
    });
    await setImmediate();
  }
  return outcomes;
}
