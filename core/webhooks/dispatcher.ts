/** Sends what lies in the outbox: a few at once to each host, so that one that hangs holds up no other and no job. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { AttemptResult, DueDelivery, WebhookRepository } from '../store/webhook-repository.ts';
import { deliveryDelay, judgeStatus, type DeliveryPolicy } from './delivery-policy.ts';
import { postWebhook, type WebhookAnswer } from './post.ts';
import type { ResolveName } from './reach.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import { signedHeaders } from './signature.ts';

export interface DispatcherDeps {
  readonly db: Db;
  readonly repository: WebhookRepository;
  readonly secrets: SealedSecrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly policy: DeliveryPolicy;
  readonly resolve: ResolveName;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** What the owner allows now. */
  readonly allowed: () => readonly string[];
  /** Called after each change of a row. */
  readonly changed: () => void;
}

export interface Dispatcher {
  /** Sends what is due, from now on. */
  start(): void;
  /** There may be something due. */
  wake(): void;
  /** Cuts off what is under way; it is sent again at the next start. */
  close(): Promise<void>;
}

/** The longest that a timer sleeps: a clock that is set or a computer that slept is noticed by then. */
const LONGEST_SLEEP_MS = 60_000;
/** While the disk refuses the end of an attempt. */
const DISK_RETRY_MS = 5_000;
const FORGET_AFTER_MS = 14 * 24 * 60 * 60_000;
const MOST_KEPT = 100_000;
const PRUNE_EVERY_MS = 60 * 60_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { db, repository, clock, policy, logger } = deps;
  /** Row ids under way, by host. */
  const underWay = new Map<string, Set<number>>();
  const work = new Set<Promise<void>>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let housekeeping: NodeJS.Timeout | undefined;
  let started = false;

  function pump(): void {
    if (!started || stop.signal.aborted) return;
    clearTimeout(timer);
    let sleepMs = LONGEST_SLEEP_MS;
    const now = clock.now();
    // A host that has fewer under way goes first: those that hang share what is left.
    const busyAt = (host: string): number => underWay.get(host)?.size ?? 0;
    const hosts = repository
      .waitingHosts()
      .sort((a, b) => busyAt(a.host) - busyAt(b.host) || a.nextAt - b.nextAt);
    for (const { host, nextAt } of hosts) {
      if (nextAt <= now) launchDue(host, now);
      else sleepMs = Math.min(sleepMs, nextAt - now);
    }
    timer = setTimeout(guardedPump, sleepMs).unref();
  }

  function guardedPump(): void {
    try {
      pump();
    } catch (error) {
      logger.warn({ err: error }, 'the outbox of the webhooks could not be read');
      timer = setTimeout(guardedPump, DISK_RETRY_MS).unref();
    }
  }

  function launchDue(host: string, now: number): void {
    const busy = underWay.get(host) ?? new Set<number>();
    const free = Math.min(policy.perHost - busy.size, policy.atOnce - work.size);
    if (free <= 0) return;
    // Those under way are due too, and the first of all.
    const due = repository.due(host, now, free + busy.size).filter(({ id }) => !busy.has(id));
    for (const delivery of due.slice(0, free)) launch(host, delivery);
  }

  function launch(host: string, delivery: DueDelivery): void {
    const busy = underWay.get(host) ?? new Set<number>();
    underWay.set(host, busy.add(delivery.id));
    const attempt = deliver(delivery)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) logger.error({ err: error, host }, 'a webhook could not be settled');
      })
      .finally(() => {
        busy.delete(delivery.id);
        if (busy.size === 0) underWay.delete(host);
        work.delete(attempt);
        guardedPump();
      });
    work.add(attempt);
  }

  async function deliver(delivery: DueDelivery): Promise<void> {
    const result = await attempt(delivery);
    for (;;) {
      try {
        await db.write(() => repository.settle(delivery.id, result, clock.now()));
        break;
      } catch (error) {
        stop.signal.throwIfAborted();
        logger.warn({ err: error }, 'the end of a webhook could not be written');
        await sleep(DISK_RETRY_MS, undefined, { signal: stop.signal, ref: false });
      }
    }
    deps.changed();
    const { host } = new URL(delivery.url);
    const facts = {
      webhook: delivery.message_id,
      host,
      attempt: delivery.attempts + 1,
      status: result.status,
    };
    if (result.state === 'delivered') logger.debug(facts, 'webhook delivered');
    else logger.info({ ...facts, reason: result.error, state: result.state }, 'webhook not delivered');
  }

  async function attempt(delivery: DueDelivery): Promise<AttemptResult> {
    const failed = delivery.attempts + 1;
    const again = (error: string, status: number | null, atLeastMs = 0): AttemptResult => ({
      state: failed >= policy.maxAttempts ? 'failed' : 'waiting',
      nextAt:
        clock.now() + Math.max(deliveryDelay(policy, failed, deps.random), Math.min(atLeastMs, policy.capMs)),
      status,
      error,
    });
    let answer: WebhookAnswer;
    try {
      answer = await send(delivery);
    } catch (thrown) {
      stop.signal.throwIfAborted();
      const error = InfluxionError.from(thrown);
      // What is not allowed becomes so by a decision of the owner, who then sends it again.
      if (error.code === 'WEBHOOK_NOT_ALLOWED') return ended('failed', null, error.message);
      if (error.code === 'INTERNAL') logger.error({ err: error.cause }, 'a webhook could not be sent');
      return again(error.message, null);
    }
    const { status, retryAfterMs } = answer;
    const { state, why } = judgeStatus(status);
    const reason = why === undefined ? null : `${new URL(delivery.url).host} ${why}.`;
    if (state === 'waiting') return again(reason ?? '', status, retryAfterMs);
    return ended(state, status, reason);
  }

  const ended = (
    state: 'delivered' | 'failed',
    status: number | null,
    error: string | null,
  ): AttemptResult => ({ state, nextAt: clock.now(), status, error });

  async function send({ url, secret, body, message_id }: DueDelivery): Promise<WebhookAnswer> {
    const key = await deps.secrets.open(secret, url);
    return postWebhook({
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': `Influxion/${deps.version}`,
        ...signedHeaders({ id: message_id, body }, key, clock.now()),
      },
      body,
      allowed: deps.allowed(),
      resolve: deps.resolve,
      signal: stop.signal,
      timeoutMs: policy.answerMs,
    });
  }

  function prune(): void {
    const now = clock.now();
    db.write(() => repository.prune(now - FORGET_AFTER_MS, MOST_KEPT)).catch((error: unknown) =>
      logger.warn({ err: error }, 'old webhook deliveries could not be removed'),
    );
  }

  return {
    start() {
      if (started) return;
      started = true;
      const now = clock.now();
      db.write(() => repository.pullIn(now + policy.capMs, now)).then(guardedPump, guardedPump);
      prune();
      housekeeping = setInterval(prune, PRUNE_EVERY_MS).unref();
    },
    wake: guardedPump,
    async close() {
      stop.abort(new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.'));
      clearTimeout(timer);
      clearInterval(housekeeping);
      await Promise.allSettled(work);
    },
  };
}
