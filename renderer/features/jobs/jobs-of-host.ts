/** The store of each host, made when it is first asked for. */
import type { StudioHost } from '../../host/studio-host.ts';
import { done, ended, failed } from './job-notices.ts';
import { createJobsStore, type JobsStore } from './jobs-store.ts';

const stores = new WeakMap<StudioHost, JobsStore>();
let reveal = (): void => undefined;

/** How the frame brings the jobs screen forward; for a toast that is read on another screen. */
export function onRevealJobs(run: () => void): void {
  reveal = run;
}

export function jobsStoreOf(host: StudioHost): JobsStore {
  const known = stores.get(host);
  if (known !== undefined) return known;
  const notices = { ended: (jobs: Parameters<typeof ended>[0]) => ended(jobs, show), done, failed };
  const store = createJobsStore(host, notices, (run) => requestAnimationFrame(run));
  const show = (id: number): void => {
    store.actions.open(id);
    reveal();
  };
  stores.set(host, store);
  return store;
}

/** Opens a job's page; for the palette and for toasts of other screens. */
export const openJob = (host: StudioHost, id: number): void => jobsStoreOf(host).actions.open(id);
