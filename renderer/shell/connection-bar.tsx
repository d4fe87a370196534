import type { ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import './connection-bar.css';
import { useShell } from './shell-store.ts';

/** Stands under the top bar while the host is away; edits go on meanwhile. */
export function ConnectionBar(): ReactElement | null {
  const connection = useShell((state) => state.connection);
  if (connection === 'up') return null;
  return (
    <div className="connection-bar" role="status">
      {connection === 'lost' ? (
        <>
          <Spinner />
          <span className="connection-text">
            Influxion does not answer. What you type is kept here and saved as soon as it is back; start it
            again if it was stopped.
          </span>
        </>
      ) : (
        <>
          <span className="connection-text">
            Influxion was started anew and does not know this page. Open the link that it printed, or run{' '}
            <code>influxion studio</code> for a fresh one. What you typed is kept.
          </span>
          <Button size="s" onClick={() => location.reload()}>
            Reload
          </Button>
        </>
      )}
    </div>
  );
}
