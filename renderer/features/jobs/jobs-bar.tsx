import { Ban, Download, FilePlus2, RotateCcw, Trash2, X } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { JobStatus } from '../../../contract/job.ts';
import { Chip } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { saveZip } from './job-actions.ts';
import { SEARCH_ID } from './job-commands.ts';
import type { JobCounts } from './job-pages.ts';
import { countJobs, stateWords } from './job-words.ts';
import type { JobsStore } from './jobs-store.ts';
import { useTemplates } from './use-templates.ts';

const STATES: readonly (readonly [JobStatus, keyof JobCounts])[] = [
  ['Received', 'received'],
  ['InProgress', 'in_progress'],
  ['Done', 'done'],
  ['Error', 'error'],
];

/** Typing pauses this long before the list is asked. */
const SEARCH_PAUSE_MS = 120;

/** What the list shows, or what is done with the rows that are chosen. */
export function JobsBar({ store }: { readonly store: JobsStore }): ReactElement {
  const chosen = useStore(store, (state) => state.selection.ids);
  return (
    <div className="jobs-bar">
      {chosen.size > 1 ? <Chosen store={store} ids={[...chosen]} /> : <Filters store={store} />}
      <Button
        variant="primary"
        icon={<FilePlus2 aria-hidden />}
        onClick={() => store.actions.ask({ kind: 'new' })}
      >
        <span className="new-job">New job</span>
      </Button>
    </div>
  );
}

function Filters({ store }: { readonly store: JobsStore }): ReactElement {
  const filter = useStore(store, (state) => state.filter);
  const counts = useStore(store, (state) => state.list.counts);
  const { filter: change } = store.actions;
  const templates = useTemplates().data?.templates ?? [];
  const pressed = new Set(filter.status);
  const press = (state: JobStatus, on: boolean): void => {
    if (on) pressed.add(state);
    else pressed.delete(state);
    change({ status: [...pressed] });
  };
  const all =
    counts === undefined ? undefined : counts.received + counts.in_progress + counts.done + counts.error;
  return (
    <>
      <div role="group" aria-label="State" className="chips">
        <Chip
          pressed={pressed.size === 0}
          onPressed={() => change({ status: [] })}
          {...(all !== undefined && { count: all })}
        >
          All
        </Chip>
        {STATES.map(([state, count]) => (
          <Chip
            key={state}
            pressed={pressed.has(state)}
            onPressed={(on) => press(state, on)}
            {...(counts !== undefined && { count: counts[count] })}
          >
            {stateWords(state).label}
          </Chip>
        ))}
      </div>
      <Select
        aria-label="Template"
        size="s"
        value={filter.template_id ?? ''}
        options={[
          { value: '', label: 'All templates' },
          ...templates.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onValue={(template_id) => change({ template_id })}
      />
      <span className="grow" />
      <Search store={store} />
    </>
  );
}

function Search({ store }: { readonly store: JobsStore }): ReactElement {
  const wanted = useStore(store, (state) => state.filter.search ?? '');
  const [text, setText] = useState(wanted);
  const [known, setKnown] = useState(wanted);
  // "Show all jobs" empties it from elsewhere.
  if (known !== wanted) {
    setKnown(wanted);
    setText(wanted);
  }
  useEffect(() => {
    if (text === wanted) return undefined;
    const timer = setTimeout(() => store.actions.filter({ search: text }), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [store, text, wanted]);
  return (
    <SearchInput
      id={SEARCH_ID}
      className="search"
      label="Search jobs"
      placeholder="Search"
      maxLength={200}
      value={text}
      onValue={setText}
    />
  );
}

function Chosen({
  store,
  ids,
}: {
  readonly store: JobsStore;
  readonly ids: readonly number[];
}): ReactElement {
  const { actions } = store;
  const working = useStore(store, (state) => state.working > 0);
  return (
    <div role="group" aria-label="Chosen jobs" className="chosen">
      <strong role="status">{countJobs(ids.length)} chosen</strong>
      <Button
        size="s"
        icon={<RotateCcw aria-hidden />}
        disabled={working}
        onClick={() => void actions.bulk('retry', ids)}
      >
        Run again
      </Button>
      <Button
        size="s"
        icon={<Ban aria-hidden />}
        disabled={working}
        onClick={() => void actions.bulk('cancel', ids)}
      >
        Cancel
      </Button>
      <Button size="s" icon={<Download aria-hidden />} onClick={() => saveZip(store, ids)}>
        Download zip
      </Button>
      <Button
        size="s"
        icon={<Trash2 aria-hidden />}
        disabled={working}
        onClick={() => actions.ask({ kind: 'remove', ids })}
      >
        Delete…
      </Button>
      <IconButton label="Choose none" size="s" icon={<X aria-hidden />} onClick={actions.clearSelection} />
    </div>
  );
}
