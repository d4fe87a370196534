import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/icon-button.tsx';
import { refusals, type RefusingAction } from './bulk-words.ts';
import { countJobs } from './job-words.ts';
import type { JobsStore } from './jobs-store.ts';

const NOT: Record<RefusingAction, string> = {
  retry: 'could not run again',
  cancel: 'could not be cancelled',
  remove: 'could not be deleted',
  download: 'had no document to download',
};

/** As many numbers as a person reads. */
const MOST_IDS = 8;

const idWords = (ids: readonly number[]): string =>
  ids.length <= MOST_IDS
    ? ids.join(', ')
    : `${ids.slice(0, MOST_IDS).join(', ')} and ${ids.length - MOST_IDS} more`;

/** Which jobs an action refused, and why; it stays until it is closed. */
export function RefusedNote({ store }: { readonly store: JobsStore }): ReactElement | null {
  const refused = useStore(store, (state) => state.refused);
  if (refused === undefined) return null;
  const { action, jobs } = refused;
  return (
    <div className="jobs-refused" role="alert">
      <div>
        <strong>
          {countJobs(jobs.length)} {NOT[action]}.
        </strong>
        <ul>
          {refusals(jobs).map(({ reason, ids }) => (
            <li key={reason}>
              {ids.length === 1 ? 'Job' : 'Jobs'} {idWords(ids)}: {reason}
            </li>
          ))}
        </ul>
      </div>
      <IconButton label="Dismiss" size="s" icon={<X aria-hidden />} onClick={store.actions.dismissRefused} />
    </div>
  );
}
