/** The commands of the jobs screen. They work on the screen that is shown; those that need none of it always can run. */
import type { Command } from '../../ui/command-registry.ts';
import { saveZip } from './job-actions.ts';
import type { JobsStore } from './jobs-store.ts';

let shown: JobsStore | undefined;

/** The screen that commands work on; undefined when it goes. */
export function commandsWorkOn(store: JobsStore | undefined): void {
  shown = store;
}

const chosen = (): number[] => [...(shown?.getState().selection.ids ?? [])];
const someChosen = (): boolean => chosen().length > 0;

/** Stands in this element, so that the command finds it. */
export const SEARCH_ID = 'jobs-search';

export const jobCommands: readonly Command[] = [
  {
    id: 'jobs.new',
    title: 'New job…',
    when: () => shown !== undefined,
    run: () => shown?.actions.ask({ kind: 'new' }),
  },
  {
    id: 'jobs.search',
    title: 'Search jobs',
    shortcut: 'Mod+F',
    when: () => shown !== undefined,
    run: () => document.getElementById(SEARCH_ID)?.focus(),
  },
  {
    id: 'jobs.retry',
    title: 'Run the chosen jobs again',
    when: someChosen,
    run: () => void shown?.actions.bulk('retry', chosen()),
  },
  {
    id: 'jobs.cancel',
    title: 'Cancel the chosen jobs',
    when: someChosen,
    run: () => void shown?.actions.bulk('cancel', chosen()),
  },
  {
    id: 'jobs.download',
    title: 'Download the chosen documents as zip',
    when: someChosen,
    run: () => shown !== undefined && saveZip(shown, chosen()),
  },
  {
    id: 'jobs.remove',
    title: 'Delete the chosen jobs…',
    when: someChosen,
    run: () => shown?.actions.ask({ kind: 'remove', ids: chosen() }),
  },
  {
    id: 'jobs.clear-filters',
    title: 'Show all jobs',
    when: () => shown !== undefined && Object.keys(shown.getState().filter).length > 0,
    run: () => shown?.actions.clearFilter(),
  },
];
