import { Laptop, Network, PlugZap } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ApiState } from '../../contract/studio/api.ts';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { StudioStatus } from '../../contract/studio/app.ts';
import { useRoute } from '../host/use-route.ts';
import { formatDuration } from '../ui/quantity.ts';
import { EngineStatus } from './engine-status.tsx';
import { useShell } from './shell-store.ts';
import './status-bar.css';

const apiMayDiffer = (event: StudioEvent): boolean =>
  event.type === 'settings.changed' || event.type === 'api.changed';

/** The host at a glance: engine, queue, API, last render. */
export function StatusBar(): ReactElement {
  const status = useShell((state) => state.status);
  const go = useShell((state) => state.go);
  const connection = useShell((state) => state.connection);
  const lastRenderMs = useShell((state) => state.lastRenderMs);
  const api = useRoute('api.state', {}, { refreshOn: apiMayDiffer });
  const isUp = connection === 'up';
  return (
    <footer className="status-bar">
      {status === undefined || !isUp ? (
        <span className="status-item">
          <span className="status-dot" />
          {isUp ? 'Connecting' : 'Not connected'}
        </span>
      ) : (
        <>
          <EngineStatus engine={status.engine} />
          <button type="button" className="status-link" onClick={() => go('jobs')}>
            <Queue queue={status.queue} />
          </button>
          <Fleet />
        </>
      )}
      <span className="status-space" />
      {lastRenderMs !== undefined && (
        <span className="status-item status-optional">
          Last render <strong>{formatDuration(lastRenderMs)}</strong>
        </span>
      )}
      {api.data !== undefined && (
        <button type="button" className="status-link" onClick={() => go('api')}>
          <Api state={api.data} />
        </button>
      )}
    </footer>
  );
}

function Queue({ queue }: { readonly queue: StudioStatus['queue'] }): ReactElement {
  if (queue.in_progress + queue.received === 0) return <>Queue empty</>;
  return (
    <span>
      <strong>{queue.in_progress.toLocaleString('en')} running</strong>, {queue.received.toLocaleString('en')}{' '}
      waiting
    </span>
  );
}

function Api({ state }: { readonly state: ApiState }): ReactElement {
  if (state.problem !== null) {
    return (
      <>
        <span className="status-dot status-dot-bad" />
        API not open
      </>
    );
  }
  if (state.mode === 'off') {
    return (
      <>
        <PlugZap aria-hidden="true" /> API off
      </>
    );
  }
  const first = state.urls[0];
  return (
    <>
      {state.mode === 'lan' ? <Network aria-hidden="true" /> : <Laptop aria-hidden="true" />}
      <span>API {first !== undefined && <strong>{first.replace(/^https?:\/\//, '')}</strong>}</span>
      <span className="status-optional">
        {state.mode === 'lan' ? 'open to the LAN' : 'this computer only'}
      </span>
    </>
  );
}

const fleetMayDiffer = (event: StudioEvent): boolean => event.type === 'transport.changed';

/** The broker and its workers; nothing while jobs run here. */
function Fleet(): ReactElement | null {
  const go = useShell((state) => state.go);
  const { data } = useRoute('transport.status', {}, { refreshOn: fleetMayDiffer });
  if (data?.broker == null) return null;
  const { broker } = data;
  const online = data.workers.filter(({ state }) => state === 'online');
  const running = online.reduce((sum, worker) => sum + worker.running.length, 0);
  return (
    <button
      type="button"
      className="status-link"
      title={broker.problem ?? broker.product ?? undefined}
      onClick={() => go('settings')}
    >
      <span className={`status-dot status-dot-${broker.state === 'ready' ? 'ok' : 'bad'}`} />
      {broker.state === 'ready' ? (
        <span>
          <strong>{online.length === 1 ? '1 worker' : `${online.length} workers`}</strong>, {running} running
          {broker.waiting !== null && `, ${broker.waiting.toLocaleString('en')} in the queue`}
        </span>
      ) : broker.state === 'blocked' ? (
        'Broker takes nothing now'
      ) : (
        'Broker not reached'
      )}
    </button>
  );
}
