/** What the jobs screen knows and does. One store a host, for as long as the studio is open: filters and choice stay. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerateRequest } from '../../../contract/job.ts';
import type { JobFilter, JobRow } from '../../../contract/studio/jobs.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import type { BulkAction, BulkOutcome, RefusingAction } from './bulk-words.ts';
import { indexOf, NO_PAGES, rowAt, withChanges, type JobPages } from './job-pages.ts';
import { moved, NOTHING, only, ranged, toggled, withAll, without, type Selection } from './job-selection.ts';
import { ListLoader } from './list-loader.ts';
import { StartedJobs, type Ended } from './started-jobs.ts';

/** What stands above the screen and waits for an answer. */
export type JobsDialog =
  | { readonly kind: 'new' }
  /** A new job from the request of another; `missing` are files of the request that are not in it. */
  | {
      readonly kind: 'change';
      readonly id: number;
      readonly request: GenerateRequest;
      readonly missing: readonly string[];
    }
  | { readonly kind: 'remove'; readonly ids: readonly number[] };

export interface JobsState {
  readonly filter: JobFilter;
  readonly list: JobPages;
  /** Why the list is not up to date. */
  readonly failure: Error | undefined;
  readonly selection: Selection;
  /** The job whose page is open. */
  readonly openId: number | undefined;
  readonly dialog: JobsDialog | undefined;
  /** The last action on many jobs of which some were refused. */
  readonly refused: { readonly action: RefusingAction; readonly jobs: BulkOutcome['refused'] } | undefined;
  /** Actions on many jobs under way. */
  readonly working: number;
}

/** What the store tells a person beside the screen. */
export interface JobsNotices {
  ended(ended: Ended): void;
  done(action: BulkAction, outcome: BulkOutcome): void;
  failed(doing: string, error: Error): void;
}

/** What is left out stays; undefined and empty take a condition away. */
export type FilterChange = { readonly [Key in keyof JobFilter]: JobFilter[Key] | undefined };

export interface JobsActions {
  readonly show: (firstRow: number, lastRow: number) => void;
  /** The list is looked at, and follows every change until disposed. */
  readonly watch: () => () => void;
  readonly reload: () => void;
  readonly filter: (change: FilterChange) => void;
  readonly clearFilter: () => void;
  /** A row that is not loaded yet is chosen when it is. */
  readonly select: (index: number) => void;
  readonly toggle: (index: number) => void;
  /** Chooses all from where the choice began to here. */
  readonly extendTo: (index: number) => void;
  readonly selectAll: () => void;
  readonly clearSelection: () => void;
  readonly open: (id: number | undefined) => void;
  readonly ask: (dialog: JobsDialog | undefined) => void;
  readonly tellRefused: (action: RefusingAction, jobs: BulkOutcome['refused']) => void;
  readonly dismissRefused: () => void;
  readonly bulk: (action: BulkAction, ids: readonly number[]) => Promise<void>;
  /** Rejects with a HostFailure: the dialog that asked shows it. */
  readonly submit: (request: GenerateRequest) => Promise<number>;
}

export interface JobsStore extends StoreApi<JobsState> {
  readonly host: StudioHost;
  readonly actions: JobsActions;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** `onFrame` runs what is given to it before the next picture. */
export function createJobsStore(
  host: StudioHost,
  notices: JobsNotices,
  onFrame: (run: () => void) => void,
): JobsStore {
  const store = createStore<JobsState>(() => ({
    filter: {},
    list: NO_PAGES,
    failure: undefined,
    selection: NOTHING,
    openId: undefined,
    dialog: undefined,
    refused: undefined,
    working: 0,
  }));
  const { getState, setState } = store;

  const setList = (list: JobPages): void =>
    setState(({ selection }) => ({ list, selection: moved(selection, (id) => indexOf(list, id)) }));
  const loader = new ListLoader({
    host,
    filter: () => getState().filter,
    list: () => getState().list,
    loaded: (list) => {
      setList(list);
      setState({ failure: undefined });
      const then = whenLoaded;
      whenLoaded = undefined;
      then?.();
    },
    failed: (failure) => setState({ failure }),
  });

  /** What was asked last of a row that is not here yet. */
  let whenLoaded: (() => void) | undefined;

  const started = new StartedJobs((ended) => notices.ended(ended));
  /** Starts jobs and watches them to their end. */
  const start = async <Answer>(ask: () => Promise<Answer>, ids: (answer: Answer) => readonly number[]) => {
    const watch = started.begin();
    try {
      const answer = await ask();
      watch.accepted(ids(answer));
      return answer;
    } catch (error) {
      watch.accepted([]);
      throw error;
    }
  };

  let watchers = 0;
  let changes = new Map<number, JobRow>();
  const applyChanges = (): void => {
    const list = withChanges(getState().list, changes);
    changes = new Map();
    if (list !== getState().list) setState({ list });
    loader.refresh();
  };
  const lookAfterStarted = async (): Promise<void> => {
    for (const id of started.waiting) {
      const found = await host.request('jobs.get', { id }).catch(() => undefined);
      if (found === undefined) continue;
      started.changed({ ...found.job, error_code: found.job.error_detail?.code ?? null });
    }
  };
  host.subscribe((event) => {
    if (event.type === 'jobs.changed') {
      for (const job of event.jobs) started.changed(job);
      if (watchers === 0) return;
      if (changes.size === 0) onFrame(applyChanges);
      for (const job of event.jobs) changes.set(job.id, job);
    } else if (event.type === 'resync') {
      if (watchers > 0) loader.refresh();
      void lookAfterStarted();
    }
  });

  const selectRange = async (index: number): Promise<void> => {
    const { selection, list } = getState();
    const row = rowAt(list, index);
    if (row === undefined) {
      whenLoaded = () => void selectRange(index);
      return;
    }
    const from = selection.anchor?.index ?? index;
    try {
      const ids = await loader.ids(Math.min(from, index), Math.max(from, index));
      setState((state) => ({ selection: ranged(state.selection, ids, row.id, index) }));
    } catch (error) {
      notices.failed('Selecting', asError(error));
    }
  };

  const setFilter = (change: FilterChange): void => {
    const conditions = Object.entries(change).filter(([, value]) => value !== undefined && value.length > 0);
    const filter: JobFilter = Object.fromEntries(conditions);
    setState({ filter, list: { ...NO_PAGES, counts: getState().list.counts }, selection: NOTHING });
    loader.restart();
  };

  const actions: JobsActions = {
    show: (firstRow, lastRow) => loader.show(firstRow, lastRow),
    watch: () => {
      watchers += 1;
      loader.refresh();
      return () => {
        watchers -= 1;
      };
    },
    reload: () => loader.refresh(),
    filter: (change) => setFilter({ ...getState().filter, ...change }),
    clearFilter: () => setFilter({}),
    select: (index) => {
      const { list, openId } = getState();
      const row = rowAt(list, index);
      if (row === undefined) {
        if (index < (list.total ?? 0)) whenLoaded = () => actions.select(index);
        return;
      }
      // The open page goes along with the choice.
      setState({ selection: only(row.id, index), ...(openId !== undefined && { openId: row.id }) });
    },
    toggle: (index) => {
      const row = rowAt(getState().list, index);
      if (row !== undefined) setState({ selection: toggled(getState().selection, row.id, index) });
    },
    extendTo: (index) => void selectRange(index),
    selectAll: () => {
      loader.ids(0, (getState().list.total ?? 0) - 1).then(
        (ids) => setState(({ selection }) => ({ selection: withAll(selection, ids) })),
        (error: unknown) => notices.failed('Selecting', asError(error)),
      );
    },
    clearSelection: () => setState(({ selection }) => ({ selection: withAll(selection, []) })),
    open: (openId) => setState({ openId }),
    ask: (dialog) => setState({ dialog }),
    tellRefused: (action, jobs) => setState({ refused: jobs.length === 0 ? undefined : { action, jobs } }),
    dismissRefused: () => setState({ refused: undefined }),

    bulk: async (action, ids) => {
      const input = { ids: [...ids] };
      setState(({ working }) => ({ working: working + 1, refused: undefined }));
      try {
        const outcome =
          action === 'retry'
            ? await start(
                () => host.request('jobs.retry', input),
                ({ done }) => done,
              )
            : await host.request(action === 'cancel' ? 'jobs.cancel' : 'jobs.remove', input);
        if (action === 'remove') forget(outcome.done);
        actions.tellRefused(action, outcome.refused);
        if (outcome.done.length > 0) notices.done(action, outcome);
      } catch (error) {
        const doing = { retry: 'Running again', cancel: 'Cancelling', remove: 'Deleting' }[action];
        notices.failed(doing, asError(error));
      } finally {
        setState(({ working }) => ({ working: working - 1 }));
        loader.refresh();
      }
    },
    submit: async (request) => {
      const { id } = await start(
        () => host.request('jobs.submit', { request }),
        (answer) => [answer.id],
      );
      loader.refresh();
      return id;
    },
  };

  const forget = (ids: readonly number[]): void =>
    setState(({ selection, openId }) => ({
      selection: without(selection, ids),
      openId: openId !== undefined && ids.includes(openId) ? undefined : openId,
    }));

  return Object.assign(store, { host, actions });
}
