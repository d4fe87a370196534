import { BROKER_STATES, type TransportStatus } from '../../contract/transport.ts';
import type { MetricFamily } from '../http/metrics.ts';

/** The figures of broker and workers for `GET /metrics`; none where jobs run in the host. */
export function transportMetrics({ broker, workers, out, counts }: TransportStatus): MetricFamily[] {
  if (broker === null) return [];
  const family = (
    name: string,
    help: string,
    type: MetricFamily['type'],
    value: number | null,
  ): MetricFamily[] =>
    value === null ? [] : [{ name: `influxion_transport_${name}`, help, type, samples: [{ value }] }];
  const online = workers.filter(({ state }) => state === 'online');
  return [
    {
      name: 'influxion_broker_state',
      help: '1 for the state that the broker is in.',
      type: 'gauge',
      samples: BROKER_STATES.map((state) => ({ labels: { state }, value: Number(state === broker.state) })),
    },
    ...family('jobs_out', 'Jobs that were sent to workers and have not come back.', 'gauge', out),
    ...family('queue_waiting', 'Tasks of whomever that wait in the queue.', 'gauge', broker.waiting),
    ...family('queue_dead', 'Tasks in influxion.dead.', 'gauge', broker.dead),
    ...family('published_total', 'Tasks that the broker confirmed.', 'counter', counts.published),
    ...family('results_total', 'Results that ended an attempt.', 'counter', counts.results),
    ...family(
      'dropped_total',
      'Results that came too late, twice, or for nobody.',
      'counter',
      counts.dropped,
    ),
    ...family('lost_total', 'Attempts that nobody had any more.', 'counter', counts.lost),
    ...family('workers', 'Workers that are heard.', 'gauge', online.length),
    {
      name: 'influxion_worker_running',
      help: 'Tasks at work, by worker.',
      type: 'gauge',
      samples: online.map(({ name, running }) => ({ labels: { worker: name }, value: running.length })),
    },
  ];
}
