import type { MetricFamily } from './http/metrics.ts';
import type { EngineStatus } from './pdf/engine.ts';

/** The engine's figures for `GET /metrics`. */
export function engineMetrics(status: EngineStatus): MetricFamily[] {
  const family = (name: string, help: string, type: 'gauge' | 'counter', value: number): MetricFamily => ({
    name: `influxion_engine_${name}`,
    help,
    type,
    samples: [{ value }],
  });
  return [
    family('processes', 'Browser processes that run.', 'gauge', status.processes),
    family('busy_pages', 'Pages that print.', 'gauge', status.busyPages),
    family('waiting', 'Prints that wait for a page.', 'gauge', status.waiting),
    family('printed_total', 'Documents printed since the start.', 'counter', status.printed),
    family('recycled_total', 'Pages and processes replaced since the start.', 'counter', status.recycled),
    family('crashed_total', 'Prints that ended with a crash since the start.', 'counter', status.crashed),
  ];
}
