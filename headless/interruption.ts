/** Ctrl+C and SIGTERM as an AbortSignal, so that what was opened is closed before the process ends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Which signal came, if one did. */
  readonly received: () => NodeJS.Signals | undefined;
}

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    received = name;
    controller.abort();
  };
  for (const name of SIGNALS) process.once(name, onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/**
 * Ends the process by the signal that interrupted it, once everything is closed: a shell loop over many documents stops
 * at Ctrl+C only when it sees that the command died of it.
 */
export function dieOf(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}
