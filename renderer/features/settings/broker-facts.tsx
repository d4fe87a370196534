import type { ReactElement } from 'react';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { BrokerStatus, TransportStatus, WorkerStatus } from '../../../contract/transport.ts';
import { useRoute } from '../../host/use-route.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { formatTime } from '../../ui/quantity.ts';

const areOther = (event: StudioEvent): boolean => event.type === 'transport.changed';

const TONES: Record<BrokerStatus['state'], Tone> = { ready: 'ok', blocked: 'warn', away: 'bad' };
const WORDS: Record<BrokerStatus['state'], string> = {
  ready: 'Connected',
  blocked: 'Takes no messages now',
  away: 'Not reached',
};

/** The broker and the workers behind it, as the environment of the host names them: nothing is set here. */
export function BrokerFacts(): ReactElement | null {
  const { data, failure } = useRoute('transport.status', {}, { refreshOn: areOther });
  if (failure !== undefined && data === undefined) {
    return <FailureNote title="The state of the workers could not be read" failure={failure} />;
  }
  if (data === undefined) return null;
  if (data.broker === null) {
    return (
      <p>
        Jobs run on this computer. To run them on others, start Influxion with{' '}
        <code>INFLUXION_USE_CELERY=1</code> and{' '}
        <code>INFLUXION_CELERY_BROKER_URL=amqp://user:password@host//</code> in its environment, and{' '}
        <code>influxion worker</code> on each of them.
      </p>
    );
  }
  return (
    <>
      <Broker status={data} broker={data.broker} />
      <Workers workers={data.workers} />
    </>
  );
}

function Broker({
  status,
  broker,
}: {
  readonly status: TransportStatus;
  readonly broker: BrokerStatus;
}): ReactElement {
  const number = (value: number | null): string => (value === null ? '…' : value.toLocaleString('en'));
  const facts: readonly (readonly [string, string])[] = [
    ['Address', broker.address],
    ['Broker', broker.product ?? 'not reached yet'],
    ['Queue', `${broker.queue} (${broker.queue_type})`],
    ['Waiting in the queue', number(broker.waiting)],
    ['Dead letters', number(broker.dead)],
    ['Jobs that are out', number(status.out)],
    ['Attempts given up', number(status.counts.lost)],
  ];
  return (
    <>
      <p>
        <Badge tone={TONES[broker.state]}>{WORDS[broker.state]}</Badge> Set by the environment of the host.
      </p>
      {broker.problem !== null && <p role="status">{broker.problem}</p>}
      <dl className="about-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Workers({ workers }: { readonly workers: readonly WorkerStatus[] }): ReactElement {
  if (workers.length === 0) {
    return (
      <p className="muted">
        No worker has been heard of yet. Start <code>influxion worker</code> on a computer that reaches the
        broker.
      </p>
    );
  }
  return (
    <div className="settings-table" tabIndex={0} role="region" aria-label="Workers">
      <table>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col">Runs</th>
            <th scope="col">Done</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.name}>
              <th scope="row">{worker.name}</th>
              <td>
                <Badge tone={worker.state === 'online' ? 'ok' : 'warn'}>
                  {worker.state === 'online' ? 'Online' : `Silent since ${formatTime(worker.last_heard_at)}`}
                </Badge>
              </td>
              <td>{[worker.software, worker.version].filter((part) => part !== null).join(' ')}</td>
              <td
                title={worker.running
                  .map(({ job_id, name }) => (job_id === null ? name : `Job ${job_id}`))
                  .join(', ')}
              >
                {worker.running.length}
                {worker.concurrency !== null && ` of ${worker.concurrency}`}
              </td>
              <td>{worker.processed?.toLocaleString('en') ?? '…'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
