import { describe, expect, it } from 'vitest';
import { createFleet } from '../../../core/transport/celery/host/fleet.ts';
import { transportMetrics } from '../../../core/transport/transport-metrics.ts';
import { formatMetrics } from '../../../core/http/metrics.ts';
import { MovableClock } from '../../support/http-world.ts';

const NAME = 'influxion@printer-1';
const event = (type: string, more: object = {}, hostname = NAME) => ({
  type,
  hostname,
  // An hour off: nobody asks the clock of a worker.
  timestamp: Date.now() / 1000 - 3600,
  ...more,
});
const beat = (more: object = {}) =>
  event('worker-heartbeat', { sw_ident: 'influxion', sw_ver: '1.2.3', active: 1, processed: 7, ...more });

describe('the workers that are heard', () => {
  it('are known by name, computer, version, concurrency and what they run', () => {
    const fleet = createFleet(new MovableClock());
    expect(fleet.hear(beat({ active: 0 }))).toBe(true);
    expect(fleet.hear(beat({ active: 0 }))).toBe(false);
    fleet.describe(NAME, { pool: { 'max-concurrency': 4 } });
    fleet.hear(event('task-received', { uuid: 'a', name: 'influxion.generate_pdf' }));
    fleet.hear(event('task-started', { uuid: 'a' }));
    const [worker] = fleet.statuses((taskId) => (taskId === 'a' ? 12 : undefined));
    expect(worker).toMatchObject({
      name: NAME,
      host: 'printer-1',
      software: 'influxion',
      version: '1.2.3',
      concurrency: 4,
      processed: 7,
      state: 'online',
      running: [{ task_id: 'a', name: 'influxion.generate_pdf', job_id: 12 }],
    });
    expect(Date.now() - Date.parse(worker?.last_heard_at ?? '')).toBeLessThan(60_000);
    expect(fleet.concurrency).toBe(4);
    fleet.hear(event('task-succeeded', { uuid: 'a' }));
    expect(fleet.statuses(() => undefined)[0]?.running).toEqual([]);
  });

  it('do not stay at work on a task whose end was not heard', () => {
    const fleet = createFleet(new MovableClock());
    for (const uuid of ['a', 'b']) fleet.hear(event('task-started', { uuid }));
    fleet.hear(beat({ active: 1 }));
    expect(fleet.statuses(() => undefined)[0]?.running.map(({ task_id }) => task_id)).toEqual(['b']);
  });

  it('are silent after a minute and forgotten after ten, or at once when they say that they go', () => {
    const clock = new MovableClock();
    const fleet = createFleet(clock);
    fleet.hear(beat());
    clock.advance(61_000);
    expect(fleet.statuses(() => undefined)[0]?.state).toBe('silent');
    expect(fleet.concurrency).toBe(0);
    expect(fleet.hear(beat()), 'is asked anew').toBe(true);
    clock.advance(11 * 60_000);
    expect(fleet.statuses(() => undefined)).toEqual([]);
    fleet.hear(beat());
    fleet.hear(event('worker-offline'));
    expect(fleet.statuses(() => undefined)).toEqual([]);
  });

  it('cannot fill the memory with names and tasks', () => {
    const fleet = createFleet(new MovableClock());
    for (let index = 0; index < 6_000; index += 1) fleet.hear(event('worker-heartbeat', {}, `w${index}@x`));
    for (let index = 0; index < 2_000; index += 1)
      fleet.hear(event('task-started', { uuid: `t${index}` }, 'w1@x'));
    const statuses = fleet.statuses(() => undefined);
    expect(statuses).toHaveLength(5_000);
    expect(statuses.find(({ name }) => name === 'w1@x')?.running).toHaveLength(1_000);
  });
});

it('the figures for Prometheus tell of broker, queue and workers, and of nothing where jobs run in the host', () => {
  const counts = { published: 4, results: 3, dropped: 1, lost: 0 };
  expect(transportMetrics({ kind: 'local', out: 0, broker: null, workers: [], counts })).toEqual([]);
  const text = formatMetrics(
    transportMetrics({
      kind: 'celery',
      out: 1,
      broker: {
        state: 'blocked',
        problem: null,
        address: 'amqp://guest@localhost//',
        product: null,
        queue: 'celery',
        queue_type: 'classic',
        waiting: 9,
        dead: null,
      },
      workers: [],
      counts,
    }),
  );
  expect(text).toContain('influxion_broker_state{state="blocked"} 1\n');
  expect(text).toContain('influxion_broker_state{state="ready"} 0\n');
  expect(text).toContain('influxion_transport_queue_waiting 9\n');
  expect(text).toContain('influxion_transport_dropped_total 1\n');
  expect(text).not.toContain('queue_dead');
});
