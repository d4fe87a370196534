/**
 * Renders templates in worker threads. A template is somebody's program: it may run without an end or eat memory, and
 * then its worker is killed, and only its own request fails.
 */
import { Worker } from 'node:worker_threads';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import { hardHeapMb, outOfMemory } from './heap-guard.ts';
import {
  DEFAULT_RENDER_LIMITS,
  type RenderJob,
  type RenderLimits,
  type WorkerReply,
} from './render-protocol.ts';
import type { RenderedDocument, RenderRequest, TemplateRenderer } from './renderer.ts';

export interface TemplateRendererOptions {
  /** How many templates render at once. */
  readonly workers: number;
  readonly logger: Logger;
  readonly limits?: Partial<RenderLimits>;
  /** Milliseconds without work after which only one worker is kept, and that one is as small as a new one. */
  readonly idleMs?: number;
  /** The first worker starts with the first document: for what may never be used. */
  readonly startsOnDemand?: boolean;
}

export interface TemplateRendererStatus {
  readonly threads: number;
  readonly busy: number;
  readonly waiting: number;
  /** Workers that were ended because of their template. */
  readonly killed: number;
  /** Workers that were given up after very much data or very many documents, to give their memory back. */
  readonly replaced: number;
}

// Workers from an archive have leaked and crashed (electron#36597, electron#41396); they are packed beside it.
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './render-worker.ts' : './render-worker.js',
  import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'),
);
const DEFAULT_IDLE_MS = 30_000;
/** After which a template counts as slow, milliseconds. */
const LONG_MS = 50;
/** UTF-16 units in and out after which a worker's heap is better given back than kept. */
const HEAVY = 16_000_000;
/** Documents after which a worker that has become idle is exchanged for a new one: its heap has grown by then. */
const WORN = 200;

export function createTemplateRenderer(
  options: TemplateRendererOptions,
): TemplateRenderer & { status(): TemplateRendererStatus } {
  return new WorkerRenderer(options);
}

interface Pending {
  /** Of the monotonic clock, milliseconds. */
  readonly since: number;
  readonly request: RenderRequest;
  readonly settle: (outcome: RenderedDocument | Error) => void;
}

interface Slot {
  readonly worker: Worker;
  isReady: boolean;
  current: Pending | undefined;
  rendered: number;
  growTimer: NodeJS.Timeout | undefined;
  killTimer: NodeJS.Timeout | undefined;
  /** Its end is expected, or already handled. */
  isRetired: boolean;
}

class WorkerRenderer implements TemplateRenderer {
  readonly #options: TemplateRendererOptions;
  readonly #limits: RenderLimits;
  readonly #slots = new Set<Slot>();
  readonly #waiting: Pending[] = [];
  readonly #ending = new Set<Promise<unknown>>();
  #idleTimer: NodeJS.Timeout | undefined;
  #killed = 0;
  #replaced = 0;
  #isClosed = false;

  constructor(options: TemplateRendererOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_RENDER_LIMITS, ...options.limits };
    if (options.startsOnDemand !== true) this.#start();
  }

  render(request: RenderRequest): Promise<RenderedDocument> {
    const { signal } = request;
    if (this.#isClosed) return Promise.reject(shuttingDown());
    if (signal.aborted) return Promise.reject(reasonOf(signal));
    return new Promise((resolve, reject) => {
      const abort = () => this.#abort(pending, reasonOf(signal));
      const pending: Pending = {
        since: performance.now(),
        request,
        settle: (outcome) => {
          signal.removeEventListener('abort', abort);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(pending);
      this.#dispatch();
    });
  }

  status(): TemplateRendererStatus {
    return {
      threads: this.#slots.size,
      busy: this.#busy(),
      waiting: this.#waiting.length,
      killed: this.#killed,
      replaced: this.#replaced,
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const pending of this.#waiting.splice(0)) pending.settle(shuttingDown());
    for (const slot of [...this.#slots]) this.#finish(slot, shuttingDown(), true);
    await Promise.all(this.#ending);
  }

  #busy(): number {
    let busy = 0;
    for (const slot of this.#slots) if (slot.current) busy++;
    return busy;
  }

  #idle(): Slot | undefined {
    for (const slot of this.#slots) if (slot.isReady && !slot.current) return slot;
    return undefined;
  }

  /**
   * Hands out work. Rendering usually takes less than a millisecond, so one worker does for many; another is started
   * when a template takes long, up to one more than may render, which is then warm when the slow one is killed.
   */
  #dispatch(): void {
    if (this.#isClosed) return;
    while (this.#waiting.length > 0 && this.#busy() < this.#options.workers) {
      const slot = this.#idle();
      const pending = slot && this.#waiting.shift();
      if (!slot || !pending) break;
      this.#assign(slot, pending);
    }
    const [oldest] = this.#waiting;
    if (this.#slots.size === 0 || (oldest && performance.now() - oldest.since > LONG_MS)) this.#grow();
    this.#watchIdle();
  }

  #grow(): void {
    const hasFree = [...this.#slots].some((slot) => !slot.current);
    if (!hasFree && this.#slots.size <= this.#options.workers) this.#start();
  }

  #assign(slot: Slot, pending: Pending): void {
    const { sources, data, locale, timeZone, strict, pageNumbers, withPlaces, timeoutMs } = pending.request;
    slot.current = pending;
    slot.rendered++;
    slot.growTimer = setTimeout(() => this.#grow(), LONG_MS);
    slot.killTimer = setTimeout(() => this.#kill(slot, timedOut(timeoutMs)), timeoutMs);
    const job: RenderJob = { sources, data, locale, timeZone, strict, pageNumbers, withPlaces };
    slot.worker.postMessage(job);
  }

  #abort(pending: Pending, reason: Error): void {
    const index = this.#waiting.indexOf(pending);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      pending.settle(reason);
      return;
    }
    for (const slot of this.#slots) if (slot.current === pending) this.#kill(slot, reason);
  }

  #kill(slot: Slot, error: Error): void {
    this.#killed++;
    this.#finish(slot, error, true);
    this.#dispatch();
  }

  /** Ends the request of a slot, and with `retire` the slot too. */
  #finish(slot: Slot, outcome: RenderedDocument | Error, retire: boolean): void {
    clearTimeout(slot.growTimer);
    clearTimeout(slot.killTimer);
    const pending = slot.current;
    slot.current = undefined;
    if (retire) {
      slot.isRetired = true;
      this.#slots.delete(slot);
      const ending = slot.worker.terminate().finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    }
    pending?.settle(outcome);
  }

  #start(): void {
    const worker = new Worker(WORKER_URL, {
      name: 'influxion-render',
      workerData: this.#limits,
      // Nothing of the host's environment or command line reaches a template.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: hardHeapMb(this.#limits.heapMb) },
    });
    const slot: Slot = {
      worker,
      isReady: false,
      current: undefined,
      rendered: 0,
      growTimer: undefined,
      killTimer: undefined,
      isRetired: false,
    };
    this.#slots.add(slot);
    worker.on('message', (reply: WorkerReply) => this.#receive(slot, reply));
    worker.on('error', (error) => this.#died(slot, error));
    worker.on('exit', () => this.#died(slot, new Error('the worker ended')));
  }

  #receive(slot: Slot, reply: WorkerReply): void {
    if (slot.isRetired) return;
    if (reply.kind === 'ready') {
      slot.isReady = true;
    } else if (reply.kind === 'failed') {
      if (reply.stack !== undefined) {
        this.#options.logger.error(
          { stack: reply.stack },
          'A template could not be rendered because of a fault in Influxion',
        );
      }
      this.#finish(
        slot,
        new InfluxionError(reply.code, reply.message, reply.details),
        this.#isHeavy(slot, 0),
      );
    } else {
      this.#finish(slot, reply.document, this.#isHeavy(slot, reply.document.html.length));
    }
    this.#dispatch();
  }

  #isHeavy(slot: Slot, outputLength: number): boolean {
    const isHeavy = (slot.current?.request.data.length ?? 0) + outputLength > HEAVY;
    if (isHeavy) this.#replaced++;
    return isHeavy;
  }

  /** A worker that ended by itself: out of memory, or a fault of ours. */
  #died(slot: Slot, error: unknown): void {
    if (slot.isRetired) return;
    const isOutOfMemory = (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY';
    const outcome = isOutOfMemory
      ? outOfMemory(this.#limits.heapMb)
      : new InfluxionError('RENDERER_CRASHED', 'The template renderer stopped unexpectedly.', {}, error);
    if (!isOutOfMemory) this.#options.logger.error({ err: error }, 'A render worker stopped unexpectedly');
    this.#killed++;
    // One that never came up would fail again and again: whoever waits is told, and the next request tries anew.
    if (!slot.isReady) for (const pending of this.#waiting.splice(0)) pending.settle(outcome);
    this.#finish(slot, outcome, true);
    this.#dispatch();
  }

  #watchIdle(): void {
    if (this.#busy() > 0 || this.#waiting.length > 0) {
      clearTimeout(this.#idleTimer);
      this.#idleTimer = undefined;
    } else if (this.#idleTimer === undefined && (this.#slots.size > 1 || this.#unworn() === undefined)) {
      this.#idleTimer = setTimeout(() => {
        this.#idleTimer = undefined;
        this.#shrink();
      }, this.#options.idleMs ?? DEFAULT_IDLE_MS);
      this.#idleTimer.unref();
    }
  }

  #unworn(): Slot | undefined {
    return [...this.#slots].find(({ rendered }) => rendered < WORN);
  }

  /** Lets go of all workers but one; what that one has kept of many documents goes too. */
  #shrink(): void {
    const kept = this.#unworn();
    for (const slot of [...this.#slots]) {
      if (slot === kept) continue;
      if (slot.rendered >= WORN) this.#replaced++;
      this.#finish(slot, shuttingDown(), true);
    }
    if (kept === undefined) this.#start();
  }
}

function timedOut(timeoutMs: number): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_TIMEOUT',
    `The template was not rendered within ${timeoutMs / 1000} s.`,
    {
      hint: 'Look for a loop over more data than was meant, or for partials that call one another.',
    },
  );
}

const shuttingDown = () => new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.');

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
