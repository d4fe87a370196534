/** What a person is told in passing: jobs that ended, actions that were done or failed. */
import { HostFailure } from '../../host/studio-host.ts';
import { formatBytes, formatPages } from '../../ui/quantity.ts';
import { toast } from '../../ui/toast.tsx';
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

/** `show` opens a job's page, wherever in the studio the person is. */
export function ended({ jobs }: Ended, show: (id: number) => void): void {
  const [first] = jobs;
  if (first === undefined) return;
  if (jobs.length > 1) {
    endedMany(jobs);
    return;
  }
  const action = { label: 'Show', run: () => show(first.id) };
  const id = `job-${first.id}`;
  if (first.status === 'Done') {
    toast({ id, title: `${jobName(first)} is done`, detail: sizeWords(first), tone: 'ok', action });
  } else if (first.error_code === CANCELLED) {
    toast({ id, title: `${jobName(first)} was cancelled` });
  } else {
    toast({ id, title: `${jobName(first)} failed`, detail: first.error ?? '', tone: 'bad', action });
  }
}

function endedMany(jobs: readonly EndedJob[]): void {
  const failures = jobs.filter(({ status }) => status === 'Error').length;
  const good = jobs.length - failures;
  toast({
    title: `${countJobs(jobs.length)} ended`,
    detail: failures === 0 ? 'All are done.' : `${good} done, ${failures} failed.`,
    tone: failures === 0 ? 'ok' : 'warn',
  });
}

const sizeWords = ({ pages, size }: EndedJob): string =>
  [pages === null ? '' : formatPages(pages), size === null ? '' : formatBytes(size)]
    .filter((part) => part !== '')
    .join(' · ');
