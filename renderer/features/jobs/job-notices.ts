/** What a person is told in passing: jobs that ended, actions that were done or failed. */
import { HostFailure } from '../../host/studio-host.ts';
import { formatBytes, formatPages } from '../../ui/quantity.ts';
import { dismissToast, toast } from '../../ui/toast.tsx';
import { doneWords, type BulkAction, type BulkOutcome } from './bulk-words.ts';
import { CANCELLED, countJobs, jobName } from './job-words.ts';
import type { Ended, EndedJob } from './started-jobs.ts';

export function failed(doing: string, error: Error): void {
  const hint = error instanceof HostFailure ? error.failure?.hint : undefined;
  toast({
    title: `${doing} did not work`,
    detail: hint == null ? error.message : `${error.message} ${hint}`,
    tone: 'bad',
  });
}

export function done(action: BulkAction, outcome: BulkOutcome): void {
  // What runs again is told when it ends.
  if (action !== 'retry') toast({ title: doneWords(action, outcome), tone: 'ok' });
}

/** Jobs that end within this time of each other belong to one piece of work. */
const RUN_MS = 5_000;
/** So many of them are told one by one; of the others a person wants to hear how many. */
const MOST_SINGLE = 2;

let together: EndedJob[] = [];
let lastEndAt = -Infinity;

/** `show` opens a job's page, wherever in the studio the person is. */
export function ended({ jobs }: Ended, show: (id: number) => void): void {
  const [first] = jobs;
  if (first === undefined) return;
  const now = performance.now();
  const again = new Set(jobs.map(({ id }) => id));
  const before = now - lastEndAt < RUN_MS ? together.filter(({ id }) => !again.has(id)) : [];
  together = [...before, ...jobs];
  lastEndAt = now;
  if (jobs.length > 1 || together.length > MOST_SINGLE) {
    if (before.length <= MOST_SINGLE) for (const job of before) dismissToast(toastOf(job));
    endedMany(together, show);
    return;
  }
  const action = { label: 'Show', run: () => show(first.id) };
  const id = toastOf(first);
  if (first.status === 'Done') {
    toast({ id, title: `${jobName(first)} is done`, detail: sizeWords(first), tone: 'ok', action });
  } else if (first.error_code === CANCELLED) {
    toast({ id, title: `${jobName(first)} was cancelled` });
  } else {
    toast({ id, title: `${jobName(first)} failed`, detail: first.error ?? '', tone: 'bad', action });
  }
}

const toastOf = ({ id }: EndedJob): string => `job-${id}`;

function endedMany(jobs: readonly EndedJob[], show: (id: number) => void): void {
  const bad = jobs.filter(({ status }) => status === 'Error');
  const cancelled = bad.filter(({ error_code }) => error_code === CANCELLED).length;
  const [failure] = bad.filter(({ error_code }) => error_code !== CANCELLED);
  const failures = bad.length - cancelled;
  const counts = [
    `${jobs.length - bad.length} done`,
    failures > 0 ? `${failures} failed` : '',
    cancelled > 0 ? `${cancelled} cancelled` : '',
  ].filter((words) => words !== '');
  toast({
    id: 'jobs-ended',
    title: `${countJobs(jobs.length)} ended`,
    detail: bad.length === 0 ? 'All are done.' : `${counts.join(', ')}.`,
    tone: failures === 0 ? 'ok' : 'warn',
    ...(failure !== undefined && { action: { label: 'Show a failure', run: () => show(failure.id) } }),
  });
}

const sizeWords = ({ pages, size }: EndedJob): string =>
  [pages === null ? '' : formatPages(pages), size === null ? '' : formatBytes(size)]
    .filter((part) => part !== '')
    .join(' · ');
