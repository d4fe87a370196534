/** The commands of the jobs screen. What is chosen or filtered there stays when another screen is shown. */
import type { Command } from '../../ui/command-registry.ts';
import { saveZip } from './job-actions.ts';
import type { JobsStore } from './jobs-store.ts';

let known: JobsStore | undefined;
let wanted: ((store: JobsStore) => void) | undefined;

/** Called by the screen whenever it is shown. */
export function commandsWorkOn(store: JobsStore): void {
  known = store;
  wanted?.(store);
  wanted = undefined;
}

/** Now, or when the screen that was just asked for is there. */
function onScreen(run: (store: JobsStore) => void): void {
  if (known === undefined) wanted = run;
  else run(known);
}

const chosen = (): number[] => [...(known?.getState().selection.ids ?? [])];
const someChosen = (): boolean => chosen().length > 0;

/** Stands in this element, so that the command finds it. */
export const SEARCH_ID = 'jobs-search';

export const jobCommands: readonly Command[] = [
  { id: 'jobs.new', title: 'New job…', run: () => onScreen(({ actions }) => actions.ask({ kind: 'new' })) },
  {
    id: 'jobs.search',
    title: 'Search jobs',
    shortcut: 'Mod+F',
    run: () => document.getElementById(SEARCH_ID)?.focus(),
  },
  {
    id: 'jobs.retry',
    title: 'Run the chosen jobs again',
    when: someChosen,
    run: () => void known?.actions.bulk('retry', chosen()),
  },
  {
    id: 'jobs.cancel',
    title: 'Cancel the chosen jobs',
    when: someChosen,
    run: () => void known?.actions.bulk('cancel', chosen()),
  },
  {
    id: 'jobs.download',
    title: 'Download the chosen documents as zip',
    when: someChosen,
    run: () => known !== undefined && saveZip(known, chosen()),
  },
  {
    id: 'jobs.remove',
    title: 'Delete the chosen jobs…',
    when: someChosen,
    run: () => known?.actions.ask({ kind: 'remove', ids: chosen() }),
  },
  {
    id: 'jobs.show-all',
    title: 'Show all jobs',
    when: () => Object.keys(known?.getState().filter ?? {}).length > 0,
    run: () => known?.actions.clearFilter(),
  },
];
