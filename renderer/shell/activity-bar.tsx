import { FileCheck, Files, FolderInput, KeyRound, ListChecks, Plug, Settings, Table2 } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import './activity-bar.css';
import type { Screen } from './location.ts';
import { useShell } from './shell-store.ts';

const ACTIVITIES: readonly { readonly screen: Screen; readonly name: string; readonly icon: ReactNode }[] = [
  { screen: 'templates', name: 'Templates', icon: <Files aria-hidden="true" /> },
  { screen: 'jobs', name: 'Jobs', icon: <ListChecks aria-hidden="true" /> },
  { screen: 'batches', name: 'Batches', icon: <Table2 aria-hidden="true" /> },
  { screen: 'folders', name: 'Folders', icon: <FolderInput aria-hidden="true" /> },
  { screen: 'keys', name: 'Keys', icon: <KeyRound aria-hidden="true" /> },
  { screen: 'verify', name: 'Verify', icon: <FileCheck aria-hidden="true" /> },
  { screen: 'api', name: 'API', icon: <Plug aria-hidden="true" /> },
  { screen: 'settings', name: 'Settings', icon: <Settings aria-hidden="true" /> },
];

const MOST_SHOWN = 99;

/** The way between screens. */
export function ActivityBar(): ReactElement {
  const current = useShell((state) => state.location.screen);
  const go = useShell((state) => state.go);
  return (
    <nav className="activity-bar" aria-label="Studio" data-pane>
      {ACTIVITIES.map(({ screen, name, icon }) => (
        <button
          key={screen}
          type="button"
          className={cx('activity', screen === 'settings' && 'activity-last')}
          aria-current={screen === current ? 'page' : undefined}
          onClick={() => go(screen)}
        >
          {icon}
          {name}
          {screen === 'jobs' && <ActiveJobs />}
        </button>
      ))}
    </nav>
  );
}

/** Jobs that run or wait. */
function ActiveJobs(): ReactElement | null {
  const active = useShell(({ status }) =>
    status === undefined ? 0 : status.queue.in_progress + status.queue.received,
  );
  if (active === 0) return null;
  return (
    <span className="activity-count">
      {active > MOST_SHOWN ? `${MOST_SHOWN}+` : active}
      <span className="visually-hidden"> running or waiting</span>
    </span>
  );
}
