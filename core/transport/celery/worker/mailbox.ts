/** Answers remote control as a Celery worker does (celery/worker/control.py): what Flower and `celery inspect` ask. */
import { GENERATE_PDF } from '../generate-pdf.ts';
import type { BrokerAddress } from '../broker-url.ts';
import type { TaskQueue } from '../topology.ts';
import type { WorkerEvents } from './events.ts';
import type { Revoked } from './revoked.ts';
import type { TaskRun, TaskRuns, TimeLimits } from './task-runs.ts';

export interface MailboxDeps {
  readonly hostname: string;
  readonly version: string;
  readonly concurrency: number;
  readonly queue: TaskQueue;
  readonly address: BrokerAddress;
  readonly limits: TimeLimits;
  readonly runs: TaskRuns;
  readonly revoked: Revoked;
  readonly events: WorkerEvents;
  readonly uptimeS: () => number;
  /** Ends the worker as SIGTERM does. */
  stop(): void;
}

/** The reply to a command; undefined where Celery gives none. */
export type Answer = (method: string, given: Readonly<Record<string, unknown>>) => unknown;

const ok = (value: string): object => ({ ok: value });
const nok = (value: string): object => ({ error: value });

export function createMailbox(deps: MailboxDeps): Answer {
  const { runs, revoked, events, hostname } = deps;
  const inState = (state: TaskRun['state']) => runs.list().filter((run) => run.state === state);
  const revoke = (ids: readonly string[], terminate: boolean): object => {
    for (const id of ids) revoked.add(id);
    if (!terminate) return ok(`tasks ${ids.join(', ')} flagged as revoked`);
    const ended = ids.filter((id) => runs.terminate(id));
    return ok(ended.length === 0 ? 'terminate: tasks unknown' : `terminate: ${ended.join(', ')}`);
  };

  const commands: Readonly<Record<string, (given: Readonly<Record<string, unknown>>) => unknown>> = {
    ping: () => ok('pong'),
    stats: () => stats(deps),
    active: () => inState('active').map((run) => describe(run, hostname)),
    reserved: () => inState('reserved').map((run) => describe(run, hostname)),
    scheduled: () => [],
    revoked: () => revoked.list(),
    registered: () => [GENERATE_PDF],
    conf: () => configuration(deps),
    report: () => ok(`software -> influxion:${deps.version} node:${process.versions.node}`),
    active_queues: () => [queueFacts(deps.queue)],
    query_task: ({ ids }) =>
      Object.fromEntries(
        texts(ids).flatMap((id) => {
          const run = runs.get(id);
          // An API host that is told of a task waits for its result, which nobody sends when its message is gone.
          return run === undefined || run.state === 'kept'
            ? []
            : [[id, [run.state, describe(run, hostname)]]];
        }),
      ),
    revoke: ({ task_id: id, terminate }) => revoke(texts(id), terminate === true),
    terminate: ({ task_id: id }) => revoke(texts(id), true),
    enable_events() {
      if (events.tasks) return ok('task events already enabled');
      events.tasks = true;
      return ok('task events enabled');
    },
    disable_events() {
      if (!events.tasks) return ok('task events already disabled');
      events.tasks = false;
      return ok('task events disabled');
    },
    heartbeat: () => events.heartbeat(),
    clock: () => ({ clock: 0 }),
    // Others that start ask what was revoked (celery/worker/consumer/mingle.py).
    hello: ({ from_node: from }) => (from === hostname ? undefined : { revoked: {}, clock: 0 }),
    shutdown() {
      deps.stop();
      return undefined;
    },
  };
  const ALIASES: Readonly<Record<string, string>> = {
    dump_active: 'active',
    dump_reserved: 'reserved',
    dump_revoked: 'revoked',
    dump_schedule: 'scheduled',
    dump_tasks: 'registered',
    dump_conf: 'conf',
  };

  return (method, given) => {
    const command = commands[ALIASES[method] ?? method];
    return command === undefined ? nok(`This worker has no command "${method}".`) : command(given);
  };
}

function texts(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string');
}

/** Without the arguments: they are documents of people, and whoever may inspect need not read them. */
function describe({ task, startedAt }: TaskRun, hostname: string): object {
  return {
    id: task.id,
    name: task.task,
    args: [],
    kwargs: {
      ...(typeof task.kwargs['job_id'] === 'number' && { job_id: task.kwargs['job_id'] }),
      ...(typeof task.kwargs['document_id'] === 'string' && { document_id: task.kwargs['document_id'] }),
    },
    type: task.task,
    hostname,
    time_start: startedAt ?? null,
    acknowledged: false,
    delivery_info: { exchange: '', routing_key: null, priority: task.priority ?? 0, redelivered: false },
    worker_pid: process.pid,
  };
}

function stats({ concurrency, address, limits, runs, uptimeS }: MailboxDeps): object {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    total: { [GENERATE_PDF]: runs.finished },
    pid: process.pid,
    clock: '0',
    uptime: Math.round(uptimeS()),
    prefetch_count: concurrency,
    pool: {
      implementation: 'influxion',
      'max-concurrency': concurrency,
      processes: [process.pid],
      'max-tasks-per-child': 'N/A',
      'put-guarded-by-semaphore': true,
      timeouts: [(limits.softMs ?? 0) / 1000, limits.hardMs / 1000],
    },
    broker: {
      hostname: address.hostname,
      userid: address.username,
      virtual_host: address.vhost,
      port: address.port,
      heartbeat: address.heartbeatS,
      ssl: address.tls !== undefined,
      transport: 'amqp',
    },
    rusage: { utime: userCPUTime / 1e6, stime: systemCPUTime / 1e6, maxrss: maxRSS },
  };
}

function configuration({ concurrency, queue, limits, version }: MailboxDeps): object {
  return {
    influxion_version: version,
    task_default_queue: queue.name,
    task_default_queue_type: queue.type,
    task_acks_late: true,
    task_time_limit: limits.hardMs / 1000,
    task_soft_time_limit: limits.softMs === undefined ? null : limits.softMs / 1000,
    worker_concurrency: concurrency,
    worker_prefetch_multiplier: 1,
    accept_content: ['json'],
    result_backend: 'rpc:///',
  };
}

function queueFacts({ name, type }: TaskQueue): object {
  return {
    name,
    exchange: { name, type: 'direct', durable: true, auto_delete: false },
    routing_key: name,
    durable: true,
    exclusive: false,
    auto_delete: false,
    queue_arguments: type === 'quorum' ? { 'x-queue-type': 'quorum' } : null,
    alias: null,
    bindings: [],
    no_ack: false,
  };
}
