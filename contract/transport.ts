/** Where jobs run: in the host, or on workers behind a broker. */
import { z } from 'zod';

/** `away`: not reached; `blocked`: reached, but it takes no messages until it has memory and disk again. */
export const BROKER_STATES = ['ready', 'blocked', 'away'] as const;
export const BrokerState = z.enum(BROKER_STATES);
export type BrokerState = z.infer<typeof BrokerState>;

export const BrokerStatus = z.object({
  state: BrokerState,
  /** One sentence why it is not ready, without secrets. */
  problem: z.string().nullable(),
  /** Of the URL, without the password. */
  address: z.string(),
  /** Such as `RabbitMQ 3.10.8`; null before the first connection. */
  product: z.string().nullable(),
  queue: z.string(),
  queue_type: z.enum(['classic', 'quorum']),
  /** Tasks of whomever that wait in the queue for a worker; null while that is not known. */
  waiting: z.int().nullable(),
  /** Tasks in `influxion.dead`; null while that is not known. */
  dead: z.int().nullable(),
});
export type BrokerStatus = z.infer<typeof BrokerStatus>;

export const WorkerTask = z.object({
  task_id: z.string(),
  /** Name of the task. */
  name: z.string().nullable(),
  /** The job of this host that it is; null for tasks of others. */
  job_id: z.int().nullable(),
  started_at: z.iso.datetime(),
});
export type WorkerTask = z.infer<typeof WorkerTask>;

export const WorkerStatus = z.object({
  /** As Celery names it: `influxion@host`, `celery@host`. */
  name: z.string(),
  /** The computer. */
  host: z.string(),
  /** Such as `influxion` or `py-celery`. */
  software: z.string().nullable(),
  version: z.string().nullable(),
  /** Tasks at once; null while it has not answered. */
  concurrency: z.int().nullable(),
  /** `silent`: nothing was heard of it for a while; it is forgotten after some minutes. */
  state: z.enum(['online', 'silent']),
  /** What it is at work on. */
  running: z.array(WorkerTask),
  /** Tasks since it started. */
  processed: z.int().nullable(),
  last_heard_at: z.iso.datetime(),
});
export type WorkerStatus = z.infer<typeof WorkerStatus>;

export const TransportCounts = z.object({
  /** Tasks that the broker has confirmed. */
  published: z.int(),
  /** Results that ended an attempt. */
  results: z.int(),
  /** Results of jobs that are unknown or over, of old attempts, and results that came twice. */
  dropped: z.int(),
  /** Attempts given up because neither the broker nor a worker knew of them any more. */
  lost: z.int(),
});
export type TransportCounts = z.infer<typeof TransportCounts>;

export const TransportStatus = z.object({
  kind: z.enum(['local', 'celery']),
  /** Jobs that were sent out and have not come back; 0 when jobs run here. */
  out: z.int(),
  /** Null when jobs run here. */
  broker: BrokerStatus.nullable(),
  /** By name. */
  workers: z.array(WorkerStatus),
  /** Since the start of the host. */
  counts: TransportCounts,
});
export type TransportStatus = z.infer<typeof TransportStatus>;
