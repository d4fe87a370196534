import type { ReactElement } from 'react';
import type { StudioStatus } from '../../../contract/studio.ts';
import './status-bar.css';

type Tone = 'ok' | 'warn' | 'bad';

const HOST_STATES: Partial<Record<StudioStatus['state'], [Tone, string]>> = {
  starting: ['warn', 'Starting'],
  draining: ['warn', 'Stopping: running jobs are being finished'],
  degraded: ['bad', 'Not taking jobs'],
};

const ENGINE_STATES: Record<StudioStatus['engine']['state'], [Tone, string]> = {
  idle: ['ok', 'Engine idle, starts with the next job'],
  starting: ['warn', 'Engine starting'],
  ready: ['ok', 'Engine ready'],
  failed: ['bad', 'Engine does not start'],
  closed: ['bad', 'Engine stopped'],
};

/** Tone and words for the state as a whole: what hinders most is said. */
function summary(status: StudioStatus | undefined, error: Error | undefined): [Tone, string] {
  if (error !== undefined) return ['bad', 'Influxion does not answer'];
  if (status === undefined) return ['warn', 'Asking Influxion …'];
  return HOST_STATES[status.state] ?? ENGINE_STATES[status.engine.state];
}

export interface StatusBarProps {
  readonly status: StudioStatus | undefined;
  readonly error: Error | undefined;
}

export function StatusBar({ status, error }: StatusBarProps): ReactElement {
  const [tone, words] = summary(status, error);
  return (
    <footer className="status-bar">
      <span role="status">
        <span className={`dot ${tone}`} aria-hidden="true" />
        {words}
      </span>
      {status !== undefined && (
        <>
          {status.engine.product !== null && <span>{status.engine.product}</span>}
          <span>
            Queue <b>{status.queue.in_progress} running</b>, {status.queue.received} waiting
          </span>
          <span>
            {status.queue.done} done, {status.queue.error} failed
          </span>
          <span className="grow" />
          <span>
            API <b>{status.api_url}</b>
          </span>
        </>
      )}
    </footer>
  );
}
