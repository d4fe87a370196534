/**
 * The workers behind the broker, from the events that all of Celery's kind send. Every time here is this host's own: the
 * clocks of others are never asked.
 */
import type { WorkerStatus } from '../../../../contract/transport.ts';
import type { Clock } from '../../../ports.ts';
import type { CeleryEvent } from '../event-message.ts';

interface RunningTask {
  readonly name: string | null;
  readonly startedAt: number;
}

interface Worker {
  readonly name: string;
  software: string | null;
  version: string | null;
  concurrency: number | null;
  processed: number | null;
  /** Monotonic, and of the wall clock for people. */
  heardAt: number;
  heardAtTime: number;
  readonly running: Map<string, RunningTask>;
  /** Names of tasks that it has, but did not start yet: only their arrival tells them. */
  readonly names: Map<string, string>;
}

export interface Fleet {
  /** Takes an event in; true when its worker was not known, or was silent, before. */
  hear(event: CeleryEvent): boolean;
  /** The answer of a worker to `stats`. */
  describe(name: string, stats: unknown): void;
  /** The answer of a worker to `active`: a list of tasks. */
  runs(name: string, active: unknown): void;
  statuses(jobOf: (taskId: string) => number | undefined): WorkerStatus[];
  versionOf(name: string): string | null;
  /** Tasks that all of them can run at once, as far as they said. */
  readonly concurrency: number;
}

/** Celery's workers beat every two seconds, the laziest settings every thirty. */
const SILENT_MS = 60_000;
const FORGOTTEN_MS = 10 * 60_000;
const MAX_WORKERS = 5_000;
const MAX_RUNNING = 1_000;

const ENDS = new Set(['task-succeeded', 'task-failed', 'task-rejected', 'task-revoked', 'task-retried']);

export function createFleet(clock: Clock): Fleet {
  const workers = new Map<string, Worker>();

  const forgetOld = (): void => {
    const now = clock.monotonic();
    for (const [name, { heardAt }] of workers) if (now - heardAt > FORGOTTEN_MS) workers.delete(name);
  };

  const isSilent = ({ heardAt }: Worker): boolean => clock.monotonic() - heardAt > SILENT_MS;

  const workerOf = (name: string): { readonly worker: Worker; readonly isNew: boolean } | undefined => {
    const known = workers.get(name);
    if (known !== undefined) return { worker: known, isNew: isSilent(known) };
    if (workers.size >= MAX_WORKERS) forgetOld();
    if (workers.size >= MAX_WORKERS) return undefined;
    const worker: Worker = {
      name,
      software: null,
      version: null,
      concurrency: null,
      processed: null,
      heardAt: 0,
      heardAtTime: 0,
      running: new Map(),
      names: new Map(),
    };
    workers.set(name, worker);
    return { worker, isNew: true };
  };

  return {
    hear(event) {
      if (event.type === 'worker-offline') {
        workers.delete(event.hostname);
        return false;
      }
      // What somebody publishes is no event of a worker.
      if (event.type === 'task-sent') return false;
      const found = workerOf(event.hostname);
      if (found === undefined) return false;
      const { worker, isNew } = found;
      worker.heardAt = clock.monotonic();
      worker.heardAtTime = clock.now();
      if (event.type.startsWith('worker-')) describeBeat(worker, event);
      else trackTask(worker, event, clock.now());
      return isNew || event.type === 'worker-online';
    },

    describe(name, stats) {
      const worker = workers.get(name);
      const pool = fieldOf(stats, 'pool');
      const most = fieldOf(pool, 'max-concurrency');
      if (worker !== undefined && typeof most === 'number') worker.concurrency = most;
    },

    runs(name, active) {
      const worker = workers.get(name);
      if (worker === undefined || !Array.isArray(active)) return;
      for (const task of active.slice(0, MAX_RUNNING) as readonly unknown[]) {
        const [id, taskName] = [fieldOf(task, 'id'), fieldOf(task, 'name')];
        if (typeof id !== 'string' || id.length > 255 || worker.running.has(id)) continue;
        const known = typeof taskName === 'string' ? taskName.slice(0, 200) : null;
        worker.running.set(id, { name: known, startedAt: clock.now() });
      }
    },

    statuses(jobOf) {
      forgetOld();
      return [...workers.values()]
        .map((worker): WorkerStatus => ({
          name: worker.name,
          host: worker.name.slice(worker.name.indexOf('@') + 1),
          software: worker.software,
          version: worker.version,
          concurrency: worker.concurrency,
          state: isSilent(worker) ? 'silent' : 'online',
          running: [...worker.running].map(([taskId, { name, startedAt }]) => ({
            task_id: taskId,
            name,
            job_id: jobOf(taskId) ?? null,
            started_at: new Date(startedAt).toISOString(),
          })),
          processed: worker.processed,
          last_heard_at: new Date(worker.heardAtTime).toISOString(),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    versionOf: (name) => workers.get(name)?.version ?? null,

    get concurrency() {
      let sum = 0;
      for (const worker of workers.values()) if (!isSilent(worker)) sum += worker.concurrency ?? 1;
      return sum;
    },
  };
}

function describeBeat(worker: Worker, event: CeleryEvent): void {
  const { sw_ident: software, sw_ver: version, processed } = event;
  if (typeof software === 'string') worker.software = software.slice(0, 100);
  if (typeof version === 'string') worker.version = version.slice(0, 100);
  if (typeof processed === 'number') worker.processed = processed;
  const { active } = event;
  if (typeof active !== 'number') return;
  // Ends that were not heard must not stay on show.
  for (const oldest of worker.running.keys()) {
    if (worker.running.size <= active) break;
    worker.running.delete(oldest);
  }
}

function trackTask(worker: Worker, event: CeleryEvent, now: number): void {
  const { uuid, name } = event;
  if (typeof uuid !== 'string' || uuid.length > 255) return;
  if (event.type === 'task-received' && typeof name === 'string' && worker.names.size < MAX_RUNNING) {
    worker.names.set(uuid, name.slice(0, 200));
  } else if (event.type === 'task-started' && worker.running.size < MAX_RUNNING) {
    worker.running.set(uuid, { name: worker.names.get(uuid) ?? null, startedAt: now });
    worker.names.delete(uuid);
  } else if (ENDS.has(event.type)) {
    worker.running.delete(uuid);
    worker.names.delete(uuid);
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[field]
    : undefined;
}
