import { useCallback, useEffect, useState } from 'react';

export interface Polled<Value> {
  /** The last answer; it stays when a later ask fails. */
  readonly value: Value | undefined;
  readonly error: Error | undefined;
  readonly refresh: () => void;
}

/**
 * Asks at once, then again `everyMs` after each answer while the page is visible. `ask` must be stable.
 */
export function usePolled<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  everyMs: number,
): Polled<Value> {
  const [answer, setAnswer] = useState<Omit<Polled<Value>, 'refresh'>>({
    value: undefined,
    error: undefined,
  });
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (): void => {
      timer = setTimeout(() => {
        if (document.visibilityState === 'visible') refresh();
      }, everyMs);
    };
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', onVisible);
    ask(controller.signal).then(
      (value) => {
        if (controller.signal.aborted) return;
        setAnswer({ value, error: undefined });
        next();
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setAnswer((last) => ({ ...last, error: error instanceof Error ? error : new Error(String(error)) }));
        next();
      },
    );
    return () => {
      controller.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [ask, everyMs, refresh, round]);

  return { ...answer, refresh };
}
