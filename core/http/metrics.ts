/** The figures of `GET /metrics` in the text format of Prometheus, version 0.0.4. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface MetricSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricFamily {
  /** As Prometheus wants it: `influxion_…`, base units, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly MetricSample[];
}

const escapeLabel = (value: string): string =>
  value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));

function sampleLine(name: string, { labels, value }: MetricSample): string {
  const pairs = Object.entries(labels ?? {}).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}

export function formatMetrics(families: readonly MetricFamily[]): string {
  return families
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n${samples.map((sample) => sampleLine(name, sample)).join('')}`,
    )
    .join('');
}

interface RouteFigures {
  count: number;
  seconds: number;
}

/** Counts requests by route pattern and status, never by address, so the number of series is bounded. */
export class RequestMetrics {
  readonly #routes = new Map<string, Map<number, RouteFigures>>();
  readonly #eventLoop = monitorEventLoopDelay({ resolution: 20 });

  constructor() {
    this.#eventLoop.enable();
  }

  /** `route` is method and pattern, such as `GET /pdf/:id`. */
  record(route: string, status: number, milliseconds: number): void {
    let byStatus = this.#routes.get(route);
    if (byStatus === undefined) this.#routes.set(route, (byStatus = new Map<number, RouteFigures>()));
    let figures = byStatus.get(status);
    if (figures === undefined) byStatus.set(status, (figures = { count: 0, seconds: 0 }));
    figures.count++;
    figures.seconds += milliseconds / 1000;
  }

  families(): MetricFamily[] {
    const rows = [...this.#routes].flatMap(([route, byStatus]) =>
      [...byStatus].map(([status, figures]) => ({ labels: { route, status: String(status) }, figures })),
    );
    const cpu = process.cpuUsage();
    return [
      {
        name: 'influxion_http_requests_total',
        help: 'Requests answered.',
        type: 'counter',
        samples: rows.map(({ labels, figures }) => ({ labels, value: figures.count })),
      },
      {
        name: 'influxion_http_request_seconds_total',
        help: 'Time from the header of a request to the end of its answer, waiting included.',
        type: 'counter',
        samples: rows.map(({ labels, figures }) => ({ labels, value: figures.seconds })),
      },
      {
        name: 'process_cpu_seconds_total',
        help: 'CPU time of the host process, user and system.',
        type: 'counter',
        samples: [{ value: (cpu.user + cpu.system) / 1e6 }],
      },
      {
        name: 'process_resident_memory_bytes',
        help: 'Memory of the host process, without its browsers.',
        type: 'gauge',
        samples: [{ value: process.memoryUsage.rss() }],
      },
      {
        name: 'influxion_event_loop_delay_p99_seconds',
        help: 'How late the event loop ran, 99th percentile since start.',
        type: 'gauge',
        samples: [{ value: this.#eventLoop.percentile(99) / 1e9 }],
      },
    ];
  }

  close(): void {
    this.#eventLoop.disable();
  }
}
