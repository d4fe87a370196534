/** Tells of this worker and its tasks on `celeryev`, as a Celery worker with `-E` does. */
import { loadavg, type } from 'node:os';
import { encodeEvents, type CeleryEvent } from '../event-message.ts';
import type { OutgoingMessage } from '../message.ts';
import type { TaskMessage } from '../task-message.ts';
import { toErrorDetail } from '../../../jobs/job-row.ts';
import { tracebackOf } from '../generate-pdf.ts';
import type { Outcome } from './outcome.ts';

export interface EventsDeps {
  readonly hostname: string;
  readonly version: string;
  readonly now: () => number;
  readonly counts: () => { readonly active: number; readonly processed: number };
  /** What it rejects is lost: events are news, not records. */
  readonly send: (message: OutgoingMessage) => Promise<void>;
}

export interface WorkerEvents {
  /** Whether tasks are told of, too. */
  tasks: boolean;
  /** Begins the heartbeat, with `worker-online`. */
  online(): void;
  heartbeat(): void;
  offline(): Promise<void>;
  task(kind: string, task: TaskMessage, fields?: Readonly<Record<string, unknown>>): void;
  ended(task: TaskMessage, outcome: Outcome): void;
}

/** Celery's. */
const HEARTBEAT_MS = 2_000;
const MOST_AT_ONCE = 24;
const GATHER_MS = 200;

export function createWorkerEvents({ hostname, version, now, counts, send }: EventsDeps): WorkerEvents {
  const gathered: CeleryEvent[] = [];
  let clock = 0;
  let pulse: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const event = (kind: string, fields: Readonly<Record<string, unknown>>): CeleryEvent => ({
    ...fields,
    type: kind,
    hostname,
    timestamp: now() / 1000,
    utcoffset: 0,
    pid: process.pid,
    clock: (clock += 1),
  });
  const worker = (kind: string): Promise<void> => {
    const facts = {
      freq: HEARTBEAT_MS / 1000,
      ...counts(),
      loadavg: loadavg().map((load) => Math.round(load * 100) / 100),
      sw_ident: 'influxion',
      sw_ver: version,
      sw_sys: type(),
    };
    return send(encodeEvents(hostname, [event(kind, facts)])).catch(() => undefined);
  };
  const flush = (): void => {
    clearTimeout(gathering);
    gathering = undefined;
    const [first, ...rest] = gathered.splice(0);
    if (first !== undefined) send(encodeEvents(hostname, [first, ...rest])).catch(() => undefined);
  };

  const events: WorkerEvents = {
    tasks: true,
    online() {
      clearInterval(pulse);
      void worker('worker-online');
      pulse = setInterval(() => void worker('worker-heartbeat'), HEARTBEAT_MS);
    },
    heartbeat: () => void worker('worker-heartbeat'),
    async offline() {
      clearInterval(pulse);
      flush();
      await worker('worker-offline');
    },
    task(kind, { id }, fields = {}) {
      if (!events.tasks) return;
      gathered.push(event(kind, { uuid: id, ...fields }));
      if (gathered.length >= MOST_AT_ONCE) flush();
      else gathering ??= setTimeout(flush, GATHER_MS);
    },
    ended(task, outcome) {
      const [kind, fields] = endOf(outcome);
      events.task(kind, task, fields);
    },
  };
  return events;
}

/** The event that tells of an outcome, and its fields. */
function endOf(outcome: Outcome): [string, Readonly<Record<string, unknown>>] {
  switch (outcome.kind) {
    case 'done': {
      const { size, pages } = outcome.value;
      const result = `{'size': ${size}, 'pages': ${pages ?? 'None'}}`;
      return ['task-succeeded', { result, runtime: outcome.runtimeS }];
    }
    case 'failed':
    case 'retry': {
      const { error, stage } = outcome;
      return [
        outcome.kind === 'retry' ? 'task-retried' : 'task-failed',
        {
          exception: `${error.code}(${JSON.stringify(error.message)})`,
          traceback: tracebackOf(toErrorDetail(error, stage)),
        },
      ];
    }
    case 'revoked': {
      const terminated = outcome.reason === 'terminated';
      const signum = terminated ? 15 : null;
      return ['task-revoked', { terminated, signum, expired: outcome.reason === 'expired' }];
    }
    case 'given-back':
      return ['task-rejected', { requeue: true }];
  }
}
