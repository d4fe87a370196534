import { EXIT } from './exit-code.ts';
import { note } from './terminal.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl+C comes twice under npm: from the terminal to the whole group, and passed on by npm. */
const SAME_KEYSTROKE_MS = 500;

/** Resolves at the first signal to stop; the second one ends the process at once. `left`: what becomes of the work then. */
export function stopRequested(left: string): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const onSignal = (): void => {
      if (askedAt !== undefined && performance.now() - askedAt > SAME_KEYSTROKE_MS) {
        note(`Stopped at once. ${left}`);
        process.exit(EXIT.failed);
      }
      askedAt ??= performance.now();
      resolve();
    };
    for (const name of STOP_SIGNALS) process.on(name, onSignal);
  });
}
