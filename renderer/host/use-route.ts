import { useCallback, useEffect, useState } from 'react';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../contract/studio/table.ts';
import { useHost } from './host-context.tsx';
import { HostFailure } from './studio-host.ts';

export interface RouteAnswer<Output> {
  /** The last answer; it stays while a newer one is awaited and when that fails. */
  readonly data: Output | undefined;
  /** Why the last call failed; undefined again after one that did not. */
  readonly failure: HostFailure | undefined;
  readonly refresh: () => void;
}

export interface RouteOptions {
  /** Events after which the answer may be another. A resync always asks again. Must be stable. */
  readonly refreshOn?: (event: StudioEvent) => boolean;
}

const toFailure = (error: unknown): HostFailure =>
  error instanceof HostFailure ? error : new HostFailure(String(error), undefined, error);

/** The answer of a route that only reads, asked again on events and when the input becomes another. */
export function useRoute<Name extends RouteName>(
  name: Name,
  input: RouteInput<Name>,
  { refreshOn }: RouteOptions = {},
): RouteAnswer<RouteOutput<Name>> {
  const host = useHost();
  const [answer, setAnswer] = useState<Omit<RouteAnswer<RouteOutput<Name>>, 'refresh'>>({
    data: undefined,
    failure: undefined,
  });
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((last) => last + 1), []);
  // Inputs are small JSON, written anew at each render.
  const key = JSON.stringify(input);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    host.request(name, JSON.parse(key) as RouteInput<Name>, signal).then(
      (data) => {
        if (!signal.aborted) setAnswer({ data, failure: undefined });
      },
      (error: unknown) => {
        if (!signal.aborted) setAnswer((last) => ({ ...last, failure: toFailure(error) }));
      },
    );
    return () => controller.abort();
  }, [host, name, key, round]);

  useEffect(
    () =>
      host.subscribe((event) => {
        if (event.type === 'resync' || refreshOn?.(event) === true) refresh();
      }),
    [host, refreshOn, refresh],
  );

  return { ...answer, refresh };
}
