/** The desktop app between its window and its host: shows what runs, what starts and what failed. */
import { runHost, type HostChild, type HostProcess } from './host-process.ts';
import { endedPage, failurePage, startingPage } from './notice-page.ts';

export interface DesktopDeps {
  readonly startHost: () => HostChild;
  readonly killHard: (pid: number) => void;
  readonly show: (url: string) => void;
}

export interface Desktop {
  /** Starts the host and shows its page; what fails is shown too. A start that is under way is not started twice. */
  open(): Promise<void>;
  /** Ends the host. Nothing is shown or started afterwards. */
  stop(): Promise<void>;
}

// The first start unpacks a browser; the host itself drains running jobs for 8 seconds.
const LIMITS = { startMs: 60_000, stopMs: 12_000 };

export function createDesktop({ startHost, killHard, show }: DesktopDeps): Desktop {
  let host: HostProcess | undefined;
  const state = { stopping: false };

  /** While the app is leaving, nothing is shown any more. */
  const present = (url: string): void => {
    if (!state.stopping) show(url);
  };

  return {
    open: async () => {
      if (host !== undefined || state.stopping) return;
      show(startingPage());
      let started: HostProcess | undefined;
      try {
        started = runHost(startHost, LIMITS, killHard);
        host = started;
        present(`${await started.ready}/`);
      } catch (error) {
        await started?.stop();
        host = undefined;
        present(failurePage(error));
        return;
      }
      void started.ended.then((code) => {
        host = undefined;
        present(endedPage(code));
      });
    },
    stop: async () => {
      state.stopping = true;
      await host?.stop();
    },
  };
}
