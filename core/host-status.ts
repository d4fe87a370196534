/** How the host is, for `/health` and the studio's status bar. */
import type { StudioStatus } from '../contract/studio/app.ts';
import type { BrokerState } from '../contract/transport.ts';
import type { HealthFacts } from './http/http-deps.ts';
import type { JobQueue } from './jobs/queue.ts';
import type { PdfEngine } from './pdf/engine.ts';
import type { Transport } from './transport/transport.ts';

export function healthFacts(queue: JobQueue, engine: PdfEngine, transport: Transport): HealthFacts {
  const { draining, store, disk } = queue.condition();
  const { received, inProgress } = queue.counts();
  const { state } = engine.status();
  const { broker } = transport.status();
  const checks = {
    store,
    disk,
    engine: state === 'failed' || state === 'starting' ? state : 'ok',
    // Jobs are taken and kept all the same.
    ...(broker !== null && { broker: brokerCheck(broker.state) }),
  } as const;
  return { status: healthStatus(draining, checks), checks, queue: { received, in_progress: inProgress } };
}

const brokerCheck = (state: BrokerState): 'ok' | 'blocked' | 'away' => (state === 'ready' ? 'ok' : state);

function healthStatus(draining: boolean, checks: HealthFacts['checks']): HealthFacts['status'] {
  if (draining) return 'draining';
  if (checks.store === 'failed' || checks.engine === 'failed' || checks.disk === 'low') return 'degraded';
  return checks.engine === 'starting' ? 'starting' : 'ready';
}

export function studioFacts(
  queue: JobQueue,
  engine: PdfEngine,
  health: HealthFacts,
): Pick<StudioStatus, 'state' | 'engine' | 'queue'> {
  const { state, product, problem } = engine.status();
  const { received, inProgress, done, error } = queue.counts();
  return {
    state: health.status,
    engine: { state, product: product ?? null, concurrency: engine.concurrency, problem: problem ?? null },
    queue: { received, in_progress: inProgress, done, error },
  };
}
