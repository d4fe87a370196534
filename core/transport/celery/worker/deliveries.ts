/** The way of one delivered message, from its arrival to its acknowledgement: never before its result is confirmed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../../../error.ts';
import type { Clock, Logger } from '../../../ports.ts';
import { DELIVERIES, toDeadLetter } from '../dead-letters.ts';
import { failureOf, GENERATE_PDF } from '../generate-pdf.ts';
import { resend, type IncomingMessage, type OutgoingMessage } from '../message.ts';
import { encodeResult, type TaskResult } from '../result-message.ts';
import { decodeTask, type TaskMessage } from '../task-message.ts';
import type { WorkerEvents } from './events.ts';
import { followUps } from './follow-ups.ts';
import { resultOf, type Outcome } from './outcome.ts';
import type { Revoked } from './revoked.ts';
import type { TaskRun, TaskRuns } from './task-runs.ts';

export interface Delivery {
  readonly message: IncomingMessage;
  /** Aborted when it can no longer be acknowledged; the broker then delivers it again, to somebody. */
  readonly lost: AbortSignal;
  ack(): void;
  giveBack(): void;
}

export interface DeliveriesDeps {
  readonly hostname: string;
  readonly version: string;
  readonly queue: string;
  readonly runs: TaskRuns;
  readonly revoked: Revoked;
  readonly events: WorkerEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  publish(message: OutgoingMessage, options: { readonly mandatory: boolean }): Promise<void>;
  /** A queue from which a message comes back after about that many milliseconds. */
  waitingRoom(delayMs: number): Promise<string>;
}

/** Of a message; the data of larger ones is fetched. */
const MAX_BYTES = 128 * 1024 * 1024;
/** How often a message may come back from workers that did not live to acknowledge it. */
const MOST_DELIVERIES = 5;
/** Waits up to here are held by the worker, longer ones by the broker. */
const SHORT_WAIT_MS = 1_500;
const RETRY_MS = 500;

/** Takes messages in. It never rejects: what goes wrong leaves the message with the broker. */
export function createDeliveries(deps: DeliveriesDeps): (delivery: Delivery) => Promise<void> {
  const { runs, revoked, events, clock, logger, queue, hostname } = deps;
  const followed = new WeakSet<TaskRun>();

  return async (delivery) => {
    try {
      await take(delivery);
    } catch (error) {
      if (delivery.lost.aborted) return;
      logger.error({ err: error }, 'a message could not be worked on; it is given back');
      await sleep(RETRY_MS);
      delivery.giveBack();
    }
  };

  async function take(delivery: Delivery): Promise<void> {
    const { message } = delivery;
    let task: TaskMessage;
    try {
      task = decodeTask(message, MAX_BYTES);
    } catch (error) {
      const { message: reason } = InfluxionError.from(error);
      return bury(delivery, reason, failureOf(InfluxionError.from(error), 'queue'));
    }
    if (task.task !== GENERATE_PDF) {
      const reason = `There is no task "${task.task}" here.`;
      return bury(delivery, reason, {
        exc_type: 'NotRegistered',
        exc_message: [task.task],
        exc_module: 'celery.exceptions',
      });
    }
    if (message.redelivered && runs.get(task.id) === undefined && !(await mayBeTriedAgain(delivery))) return;
    const waitMs = (task.eta ?? 0) - clock.now();
    if (waitMs > 0 && waitMs <= SHORT_WAIT_MS) await sleep(waitMs);
    if (revoked.has(task.id)) return settle(delivery, task, { kind: 'revoked', reason: 'revoked' });
    if (task.expires !== undefined && task.expires <= clock.now()) {
      return settle(delivery, task, { kind: 'revoked', reason: 'expired' });
    }
    if (waitMs > SHORT_WAIT_MS) {
      await send(delivery, resend(message, await deps.waitingRoom(waitMs), {}));
      delivery.ack();
      return;
    }
    await work(delivery, task);
  }

  async function work(delivery: Delivery, task: TaskMessage): Promise<void> {
    if (runs.get(task.id) === undefined) {
      events.task('task-received', task, {
        name: task.task,
        args: '()',
        kwargs: '{…}',
        root_id: task.rootId,
        parent_id: task.parentId ?? null,
        retries: task.retries,
        eta: isoOf(task.eta),
        expires: isoOf(task.expires),
      });
    }
    const run = runs.start(task);
    const outcome = await run.outcome;
    try {
      await settle(delivery, task, outcome, run);
      runs.forget(run);
    } catch (error) {
      if (!delivery.lost.aborted) throw error;
      runs.keep(run);
    }
  }

  async function settle(
    delivery: Delivery,
    task: TaskMessage,
    outcome: Outcome,
    run?: TaskRun,
  ): Promise<void> {
    if (outcome.kind === 'given-back') {
      delivery.giveBack();
    } else {
      if (outcome.kind === 'retry') {
        const eta = new Date(clock.now() + outcome.delayMs).toISOString();
        await send(delivery, resend(delivery.message, queue, { retries: task.retries + 1, eta }));
      }
      const result = resultOf(task.id, outcome, { host: hostname, version: deps.version });
      if (result !== undefined) await answer(delivery, task, result);
      if (run === undefined || !followed.has(run)) await follow(delivery, task, outcome);
      if (run !== undefined) followed.add(run);
      delivery.ack();
    }
    if (run === undefined || runs.get(task.id) === run) events.ended(task, outcome);
    logOutcome(task, outcome);
  }

  async function answer(
    delivery: Delivery,
    to: Pick<TaskMessage, 'replyTo' | 'correlationId' | 'ignoreResult'>,
    result: TaskResult,
  ): Promise<void> {
    const { replyTo, correlationId, ignoreResult } = to;
    if (replyTo === undefined || ignoreResult) return;
    await send(delivery, encodeResult(result, { replyTo, correlationId }), false);
  }

  async function follow(delivery: Delivery, task: TaskMessage, outcome: Outcome): Promise<void> {
    for (const message of followUps(task, outcome, queue)) {
      await send(delivery, message).catch((error: unknown) => {
        if (!InfluxionError.is(error) || error.code !== 'BROKER_REFUSED') throw error;
        logger.warn({ task: task.id, queue: message.routingKey }, 'what shall follow a task has no queue');
      });
    }
  }

  /** Tries until the broker has it or the delivery is lost. Errors: BROKER_REFUSED. */
  async function send(delivery: Delivery, message: OutgoingMessage, mandatory = true): Promise<void> {
    for (;;) {
      delivery.lost.throwIfAborted();
      try {
        await deps.publish(message, { mandatory });
        return;
      } catch (error) {
        if (InfluxionError.is(error) && error.code === 'BROKER_REFUSED') throw error;
        await sleep(RETRY_MS, undefined, { signal: delivery.lost });
      }
    }
  }

  async function bury(delivery: Delivery, reason: string, failure: object): Promise<void> {
    const { message } = delivery;
    await send(delivery, toDeadLetter(message, { reason, queue, worker: hostname, now: clock.now() }));
    const { id } = message.headers;
    if (typeof id === 'string' && message.replyTo) {
      const { replyTo, correlationId = id } = message;
      const result: TaskResult = { taskId: id, status: 'FAILURE', result: failure, traceback: reason };
      await answer(delivery, { replyTo, correlationId, ignoreResult: false }, result);
    }
    delivery.ack();
    logger.warn({ task: message.headers['task'], id, reason }, 'a message was put among the dead letters');
  }

  /** A message whose workers keep dying is given up. Classic queues do not count, so the message carries the number. */
  async function mayBeTriedAgain(delivery: Delivery): Promise<boolean> {
    const { message } = delivery;
    const counted = message.headers['x-delivery-count'];
    const before = message.headers[DELIVERIES];
    const count = typeof counted === 'number' ? counted : (typeof before === 'number' ? before : 0) + 1;
    if (count > MOST_DELIVERIES) {
      const error = new InfluxionError(
        'JOB_POISON',
        `The workers that took this job did not live to finish it, ${count} times, so it was given up.`,
        { hint: 'Check the template and its data for something very large, then send it again.' },
      );
      await bury(delivery, error.message, failureOf(error, 'queue'));
      return false;
    }
    if (typeof counted === 'number') return true;
    await send(delivery, resend(message, queue, { [DELIVERIES]: count }));
    delivery.ack();
    return false;
  }

  function logOutcome(task: TaskMessage, outcome: Outcome): void {
    const facts = { task: task.id, job: task.kwargs['job_id'], outcome: outcome.kind };
    if (outcome.kind === 'failed' || outcome.kind === 'retry') {
      const { code, message: reason, cause } = outcome.error;
      logger.info({ ...facts, code, reason, ...(code === 'INTERNAL' && { err: cause }) }, 'task failed');
    } else {
      logger.debug(facts, 'task ended');
    }
  }
}

const isoOf = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
