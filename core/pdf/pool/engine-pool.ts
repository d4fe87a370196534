/**
 * The pages of an engine, each in a process of its own: one that is always warm, more on demand and back when idle. Who
 * waits is served in order; a slot that failed is thrown away, for a fresh one costs less than finding out what is left
 * of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import type { Urgency } from '../engine.ts';
import type { PageSlot } from './page-slot.ts';

/** How long someone waits before another process is started for it; a start costs as much as twenty prints. */
const DEMAND_MS = 30;
/** A page that has not printed yet does so when nobody wanted it for this long. */
const REHEARSAL_MS = 5000;
/** A print that nobody waits for is done some day: after so long it is one like any other. */
const PATIENCE_MS = 5000;
/** For so long after a print that somebody waited for, one page is left to the next of them. */
const QUIET_MS = 1000;
const RANK: Readonly<Record<Urgency, number>> = { urgent: 0, ordinary: 1, ahead: 2 };
const START_BACKOFF_MS = [250, 1000];

export interface PoolOptions {
  readonly most: number;
  readonly idleShutdownMs: number;
  readonly startSlot: (signal: AbortSignal) => Promise<PageSlot>;
  readonly logger: Logger;
}

interface Waiter {
  urgency: Urgency;
  readonly resolve: (slot: PageSlot) => void;
  readonly reject: (error: unknown) => void;
}

export class EnginePool {
  readonly #options: PoolOptions;
  readonly #slots: PageSlot[] = [];
  readonly #idle = new Set<PageSlot>();
  /** What runs on them, of those that print. */
  readonly #printing = new Map<PageSlot, Urgency>();
  readonly #waiters: Waiter[] = [];
  /** Runs while somebody may come back. */
  #quiet: NodeJS.Timeout | undefined;
  readonly #ending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #starting: Promise<void> | undefined;
  #demand: NodeJS.Timeout | undefined;
  #rehearsal: NodeJS.Timeout | undefined;
  #idleShutdown: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #recycled = 0;
  #crashed = 0;
  #everStarted = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Resolves once one slot is there. Errors: those of a start, SHUTTING_DOWN. */
  async warmUp(): Promise<void> {
    this.#throwIfClosed();
    if (this.#slots.length > 0) return;
    const slot = await this.acquire(new AbortController().signal);
    this.release(slot);
  }

  /**
   * A slot for one print; give it back with `release` or `discard`. Those whom somebody waits for go before others, and get a
   * slot beyond the most where all are busy: `urgent` always, `ordinary` where prints ahead of their time are among them. Rejects
   * with the reason of the aborted signal.
   */
  acquire(signal: AbortSignal, urgency: Urgency = 'ordinary'): Promise<PageSlot> {
    this.#throwIfClosed();
    signal.throwIfAborted();
    for (const dead of [...this.#idle].filter((slot) => !slot.isUsable))
      this.#left(dead, 'its page had gone');
    if (urgency !== 'ahead') this.#expectMore();
    const free = this.#free(urgency);
    if (free) {
      this.#take(free, urgency);
      return Promise.resolve(free);
    }
    const { promise, resolve, reject } = Promise.withResolvers<PageSlot>();
    const leave = (): void => {
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      done();
      reject(signal.reason as Error);
    };
    const patience = urgency === 'ahead' ? setTimeout(() => this.#promote(waiter), PATIENCE_MS) : undefined;
    const done = (): void => {
      clearTimeout(patience);
      signal.removeEventListener('abort', leave);
    };
    const waiter: Waiter = {
      urgency,
      resolve: (slot) => {
        done();
        resolve(slot);
      },
      reject: (error) => {
        done();
        reject(error);
      },
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#enqueue(waiter);
    this.#consider();
    return promise;
  }

  /** Gives a slot back after a print that went well. */
  release(slot: PageSlot): void {
    this.#printing.delete(slot);
    if (this.#closing.signal.aborted || !slot.isUsable || !this.#slots.includes(slot)) {
      this.discard(slot);
      return;
    }
    if (slot.needsCare) this.#offerAfter(slot, slot.care());
    else this.#offer(slot);
  }

  /** Ends a slot that failed or is no longer needed, and what runs on it. */
  discard(slot: PageSlot): void {
    this.#remove(slot);
    this.#track(slot.kill());
    this.#recycled += 1;
    this.#serve();
    this.#consider();
  }

  noteCrash(): void {
    this.#crashed += 1;
  }

  get facts(): {
    processes: number;
    busy: number;
    waiting: number;
    starting: boolean;
    recycled: number;
    crashed: number;
    problem: string | undefined;
    product: string | undefined;
  } {
    return {
      processes: this.#slots.length,
      busy: this.#slots.length - this.#idle.size,
      waiting: this.#waiters.length,
      starting: this.#starting !== undefined,
      recycled: this.#recycled,
      crashed: this.#crashed,
      problem: this.#problem,
      product: this.#slots[0]?.product,
    };
  }

  /** Rejects who waits, ends every process. Resolves when none is left. */
  async close(): Promise<void> {
    const error = new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.');
    this.#closing.abort(error);
    clearTimeout(this.#demand);
    clearTimeout(this.#quiet);
    clearTimeout(this.#rehearsal);
    clearTimeout(this.#idleShutdown);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    await this.#starting;
    for (const slot of this.#slots.splice(0)) {
      this.#idle.delete(slot);
      this.#track(slot.kill());
    }
    await Promise.all(this.#ending);
  }

  #throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason as InfluxionError;
  }

  #enqueue(waiter: Waiter): void {
    const at = this.#waiters.findIndex((other) => RANK[other.urgency] > RANK[waiter.urgency]);
    if (at < 0) this.#waiters.push(waiter);
    else this.#waiters.splice(at, 0, waiter);
  }

  #promote(waiter: Waiter): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    waiter.urgency = 'ordinary';
    this.#enqueue(waiter);
    this.#serve();
    this.#consider();
  }

  #expectMore(): void {
    if (this.#quiet !== undefined) {
      this.#quiet.refresh();
      return;
    }
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.#serve();
      this.#consider();
    }, QUIET_MS);
    this.#quiet.unref();
  }

  #count(urgency: Urgency): number {
    let count = 0;
    for (const other of this.#printing.values()) if (other === urgency) count += 1;
    return count;
  }

  #free(urgency: Urgency): PageSlot | undefined {
    // Also those that are being cleaned.
    let taken = this.#slots.length - this.#idle.size - this.#count('urgent');
    if (urgency === 'ordinary') taken -= this.#count('ahead');
    const left = urgency === 'ahead' && this.#quiet !== undefined ? 1 : 0;
    if (urgency !== 'urgent' && taken >= Math.max(1, this.#options.most - left)) return undefined;
    return this.#slots.find((slot) => this.#idle.has(slot));
  }

  #take(slot: PageSlot, urgency: Urgency): void {
    this.#idle.delete(slot);
    this.#printing.set(slot, urgency);
    clearTimeout(this.#rehearsal);
    clearTimeout(this.#idleShutdown);
  }

  #offer(slot: PageSlot): void {
    if (this.#closing.signal.aborted || !this.#slots.includes(slot)) {
      this.discard(slot);
      return;
    }
    if (slot.isWorn && !this.#starting) {
      this.#start();
      // Beside others it goes at once, so that there is never a process more in memory; the only one stays until the next is there.
      if (this.#slots.length > 1) {
        this.discard(slot);
        return;
      }
    }
    this.#idle.add(slot);
    this.#serve();
    if (this.#idle.has(slot)) this.#rest();
  }

  /** Gives idle slots to those who may have one. */
  #serve(): void {
    for (;;) {
      const [waiter] = this.#waiters;
      const free = waiter && this.#free(waiter.urgency);
      if (!waiter || !free) return;
      this.#waiters.shift();
      this.#take(free, waiter.urgency);
      waiter.resolve(free);
    }
  }

  #offerAfter(slot: PageSlot, work: Promise<void>): void {
    work.then(
      () => {
        this.#offer(slot);
      },
      (error: unknown) => {
        if (!this.#closing.signal.aborted) {
          this.#options.logger.warn({ err: error }, 'A page could not be put in order');
        }
        this.discard(slot);
      },
    );
  }

  #remove(slot: PageSlot): void {
    const at = this.#slots.indexOf(slot);
    if (at !== -1) this.#slots.splice(at, 1);
    this.#idle.delete(slot);
    this.#printing.delete(slot);
  }

  /** How many slots there may be for those who wait. */
  get #most(): number {
    const first = this.#waiters[0]?.urgency;
    const mayHaveSpare = first === 'urgent' || (first === 'ordinary' && this.#count('ahead') > 0);
    return this.#options.most + (mayHaveSpare ? 1 : 0);
  }

  /** Starts a process where one is needed: now when there is none, else when someone has waited a moment. */
  #consider(): void {
    if (this.#closing.signal.aborted || this.#starting) return;
    if (this.#slots.length === 0) {
      if (this.#waiters.length > 0 || this.#everStarted) this.#start();
      return;
    }
    if (this.#waiters.length === 0 || this.#slots.length >= this.#most) return;
    this.#demand ??= setTimeout(() => {
      this.#demand = undefined;
      if (this.#waiters.length > 0 && !this.#starting && this.#slots.length < this.#most) this.#start();
    }, DEMAND_MS);
  }

  #start(): void {
    this.#starting = this.#startWithRetries().then(
      (slot) => {
        this.#starting = undefined;
        this.#admit(slot);
      },
      (error: unknown) => {
        this.#starting = undefined;
        this.#failToStart(error);
      },
    );
  }

  async #startWithRetries(): Promise<PageSlot> {
    const { signal } = this.#closing;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#options.startSlot(signal);
      } catch (error) {
        const backoff = START_BACKOFF_MS[attempt];
        signal.throwIfAborted();
        if (backoff === undefined || !InfluxionError.is(error) || !error.retryable) throw error;
        this.#problem = error.message;
        await sleep(backoff, undefined, { signal });
      }
    }
  }

  #admit(slot: PageSlot): void {
    this.#problem = undefined;
    this.#everStarted = true;
    this.#slots.push(slot);
    void slot.left.then((reason) => {
      this.#left(slot, reason);
    });
    for (const worn of this.#slots.filter((other) => other.isWorn && this.#idle.has(other))) {
      if (this.#slots.length > 1) this.discard(worn);
    }
    this.#offer(slot);
    this.#consider();
  }

  #failToStart(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#problem = InfluxionError.from(error).message;
    this.#options.logger.error({ err: error }, 'No browser process could be started');
    this.#everStarted = false;
    if (this.#slots.length > 0) return;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  /** A process that ended by itself while nothing ran on it; one that prints is found out by its print. */
  #left(slot: PageSlot, reason: string): void {
    if (!this.#idle.has(slot)) return;
    this.#crashed += 1;
    this.#options.logger.warn({ reason }, 'An idle page ended');
    this.discard(slot);
  }

  #rest(): void {
    clearTimeout(this.#rehearsal);
    clearTimeout(this.#idleShutdown);
    this.#rehearsal = setTimeout(() => {
      this.#tend(
        (slot) => slot.isCold,
        (slot) => slot.rehearse(),
      );
    }, REHEARSAL_MS);
    this.#idleShutdown = setTimeout(() => {
      this.#shrink();
      this.#tend(
        (slot) => slot.keepsDocuments,
        (slot) => slot.clean(),
      );
    }, this.#options.idleShutdownMs);
    this.#rehearsal.unref();
    this.#idleShutdown.unref();
  }

  #tend(wants: (slot: PageSlot) => boolean, work: (slot: PageSlot) => Promise<void>): void {
    for (const slot of [...this.#idle].filter(wants)) {
      this.#idle.delete(slot);
      this.#offerAfter(slot, work(slot));
    }
  }

  /** Lets go of all but the first. */
  #shrink(): void {
    for (const slot of this.#slots.slice(1)) {
      if (!this.#idle.has(slot)) continue;
      this.#remove(slot);
      this.#track(slot.kill());
    }
  }

  #track(ending: Promise<unknown>): void {
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}
