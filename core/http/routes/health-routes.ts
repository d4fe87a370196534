/** How it goes: for people, supervisors and Prometheus. Without a token, so nothing here tells what is being printed. */
import type { FastifyInstance } from 'fastify';
import type { Health } from '../../../contract/health.ts';
import { sendJson, sendText } from '../json-reply.ts';
import { formatMetrics, type MetricFamily, type RequestMetrics } from '../metrics.ts';
import type { RouteContext } from './route-context.ts';

export interface ServerFacts {
  readonly requests: RequestMetrics;
  readonly draining: () => boolean;
  readonly eventStreams: () => number;
}

export function registerHealthRoutes(
  app: FastifyInstance,
  { health, metrics, jobs, clock, version }: RouteContext,
  server: ServerFacts,
): void {
  const startedAt = clock.monotonic();

  app.get('/health', (_request, reply) => {
    const facts = health();
    const answer: Health = {
      ...facts,
      status: server.draining() ? 'draining' : facts.status,
      version,
      uptime_s: Math.round(clock.monotonic() - startedAt) / 1000,
    };
    // While the engine warms up jobs are taken already.
    if (answer.status === 'ready' || answer.status === 'starting') return sendJson(reply, 200, answer);
    return sendJson(reply.header('retry-after', '5'), 503, answer);
  });

  const ownFamilies = (): MetricFamily[] => {
    const { received, inProgress, done, error } = jobs.counts();
    return [
      {
        name: 'influxion_jobs',
        help: 'Jobs kept, by status.',
        type: 'gauge',
        samples: Object.entries({ Received: received, InProgress: inProgress, Done: done, Error: error }).map(
          ([status, value]) => ({ labels: { status }, value }),
        ),
      },
      {
        name: 'influxion_event_streams',
        help: 'Open event streams.',
        type: 'gauge',
        samples: [{ value: server.eventStreams() }],
      },
    ];
  };

  app.get('/metrics', (_request, reply) => {
    const families = [...ownFamilies(), ...server.requests.families(), ...(metrics?.() ?? [])];
    return sendText(reply, 200, 'text/plain; version=0.0.4; charset=utf-8', formatMetrics(families));
  });
}
