/** Batches as they change: an event holds the whole batch, so that ten a second cost no call. */
import { useEffect, useState } from 'react';
import type { Batch } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { useRoute, type RouteAnswer } from '../../host/use-route.ts';

type Told = ReadonlyMap<number, Batch>;

/** What was told of batches since an answer came; `onOther` hears of one that is not among `known`. */
function useTold(host: StudioHost, answer: unknown, known: readonly number[], onOther: () => void): Told {
  const [told, setTold] = useState<Told>(new Map());
  const [seen, setSeen] = useState(answer);
  if (seen !== answer) {
    setSeen(answer);
    setTold(new Map());
  }
  const ids = known.join();
  useEffect(
    () =>
      host.subscribe((event) => {
        if (event.type !== 'batch.changed') return;
        const { batch } = event;
        if (ids.split(',').includes(String(batch.id))) setTold((last) => new Map(last).set(batch.id, batch));
        else onOther();
      }),
    [host, ids, onOther],
  );
  return told;
}

const nothing = (): void => undefined;

export interface OneBatch extends Omit<RouteAnswer<unknown>, 'data'> {
  readonly batch: Batch | undefined;
}

export function useBatch(host: StudioHost, id: number): OneBatch {
  const { data, failure, refresh } = useRoute('batches.get', { id });
  const told = useTold(host, data, [id], nothing);
  return { batch: told.get(id) ?? data?.batch, failure, refresh };
}

export interface BatchPage extends Omit<RouteAnswer<unknown>, 'data'> {
  readonly batches: readonly Batch[] | undefined;
  readonly total: number;
}

/** Batches from `offset` on, the newest first. */
export function useBatchPage(host: StudioHost, offset: number, limit: number): BatchPage {
  const { data, failure, refresh } = useRoute('batches.list', { offset, limit });
  const ids = (data?.batches ?? []).map(({ id }) => id);
  const told = useTold(host, data, ids, refresh);
  const batches = data?.batches.map((batch) => told.get(batch.id) ?? batch);
  return { batches, total: data?.total ?? 0, failure, refresh };
}
