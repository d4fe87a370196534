/**
 * Worker threads for what is done to a PDF after its print: making it conform, checking, verifying. A file is somebody's program too:
 * a worker that takes too long or too much memory is ended, and only its own task fails. None runs while there is no work, and
 * few do the small tasks of all: V8 compiles the code for each worker anew, which is seconds of CPU until it is quick.
 */
import { Worker } from 'node:worker_threads';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import type { Signer } from '../signing/keys/signer.ts';
import type { PdfTask, TaskKind, TaskResult, TaskReply, WorkerMessage } from './pdf-task.ts';

export interface PdfWorkersOptions {
  /** How many tasks run at once when they are long; of small ones fewer do. */
  readonly workers: number;
  readonly logger: Logger;
  /** Milliseconds without work after which a worker is ended. */
  readonly idleMs?: number;
}

export interface TaskLimits {
  /** Milliseconds, from the moment a worker is free for it. */
  readonly timeoutMs: number;
  /** Aborting ends the worker and rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Makes the value of a signature that the task asks for. */
  readonly sign?: Signer['sign'] | undefined;
  /** Told when the document is about to be signed. */
  readonly onSign?: (() => void) | undefined;
  /** Told how many files of a merge are done. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface PdfWorkers {
  /** `transfer`: buffers of the task that the worker takes over. Errors: those of the task, PDF_TIMEOUT, PDF_TOO_COMPLEX. */
  run<Kind extends TaskKind>(
    task: PdfTask<Kind>,
    limits: TaskLimits,
    transfer?: readonly ArrayBuffer[],
  ): Promise<TaskResult<Kind>>;
  close(): Promise<void>;
}

// Workers from an archive have leaked and crashed (electron#36597, electron#41396); they are packed beside it.
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './pdf-worker.ts' : './pdf-worker.js',
  import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'),
);
const DEFAULT_IDLE_MS = 60_000;
const HEAP_MB = 1_024;
/** A task that has run for this long is no small one, for whose end the others could wait. */
const LONG_TASK_MS = 500;
/** Finishing a page costs less than a quarter of its print. */
const PRINTS_PER_WORKER = 4;

type Outcome = Error | { readonly result: unknown };

interface Pending {
  readonly task: PdfTask;
  readonly transfer: readonly ArrayBuffer[];
  readonly limits: TaskLimits;
  readonly settle: (outcome: Outcome) => void;
  /** Whether it has been told that its document is about to be signed. */
  signs: boolean;
}

interface Slot {
  readonly worker: Worker;
  current: Pending | undefined;
  timer: NodeJS.Timeout | undefined;
  /** When the task began, monotonic milliseconds; undefined while the worker starts. */
  since: number | undefined;
  isReady: boolean;
}

export function createPdfWorkers(options: PdfWorkersOptions): PdfWorkers {
  const slots = new Set<Slot>();
  const waiting: Pending[] = [];
  const ending = new Set<Promise<unknown>>();
  let isClosed = false;
  const quick = Math.ceil(options.workers / PRINTS_PER_WORKER);
  let look: NodeJS.Timeout | undefined;

  function retire(slot: Slot, outcome: Outcome = shuttingDown()): void {
    if (!slots.delete(slot)) return;
    clearTimeout(slot.timer);
    const end = slot.worker.terminate().finally(() => ending.delete(end));
    ending.add(end);
    finish(slot, outcome);
  }

  function finish(slot: Slot, outcome: Outcome): void {
    const { current } = slot;
    slot.current = undefined;
    current?.settle(outcome);
  }

  function start(): Slot {
    const worker = new Worker(WORKER_URL, {
      name: 'influxion-pdf',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const slot: Slot = { worker, current: undefined, timer: undefined, since: undefined, isReady: false };
    slots.add(slot);
    worker.on('message', (reply: TaskReply) => receive(slot, reply));
    worker.on('error', (error: Error) => {
      options.logger.error({ err: error }, 'a PDF worker stopped unexpectedly');
      retire(slot, failure(error));
      dispatch();
    });
    worker.on('exit', () => retire(slot, failure(new Error('the worker ended'))));
    return slot;
  }

  function receive(slot: Slot, reply: TaskReply): void {
    if (reply.kind === 'ready') {
      slot.isReady = true;
      slot.since = performance.now();
      return;
    }
    if (reply.kind === 'progress') {
      slot.current?.limits.onProgress?.(reply.done, reply.of);
      return;
    }
    if (reply.kind === 'sign') {
      void sign(slot, reply);
      return;
    }
    clearTimeout(slot.timer);
    if (reply.kind === 'done') finish(slot, { result: reply.result });
    else {
      if (reply.stack !== undefined) {
        options.logger.error(
          { stack: reply.stack },
          'A PDF could not be processed because of a fault in Influxion',
        );
      }
      finish(slot, new InfluxionError(reply.code, reply.message, reply.details));
    }
    slot.timer = setTimeout(() => retire(slot), options.idleMs ?? DEFAULT_IDLE_MS);
    slot.timer.unref();
    dispatch();
  }

  /** The reason why a key does not sign is the reason why the task fails. */
  async function sign(slot: Slot, { data, hash }: TaskReply & { kind: 'sign' }): Promise<void> {
    const asked = slot.current;
    try {
      if (asked?.signs === false) {
        asked.signs = true;
        asked.limits.onSign?.();
      }
      const value = await asked?.limits.sign?.(data, hash);
      if (slot.current === asked) tell(slot, { kind: 'signed', value });
    } catch (error) {
      if (slot.current !== asked) return;
      retire(slot, InfluxionError.from(error));
      dispatch();
    }
  }

  function tell({ worker }: Slot, message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void {
    worker.postMessage(message, transfer);
  }

  function dispatch(): void {
    clearTimeout(look);
    while (!isClosed && waiting.length > 0) {
      const idle = [...slots].find(({ current }) => current === undefined);
      if (idle === undefined && slots.size >= options.workers) return;
      const ages = smallTaskAges();
      if (ages.length >= quick) {
        look = setTimeout(dispatch, LONG_TASK_MS - Math.max(...ages));
        return;
      }
      const pending = waiting.shift();
      if (pending === undefined) return;
      assign(idle ?? start(), pending);
    }
  }

  /** Milliseconds that the tasks have run which are not long yet; a start is no part of a task. */
  function smallTaskAges(): number[] {
    const now = performance.now();
    return [...slots]
      .filter(({ current }) => current !== undefined)
      .map(({ since = now }) => now - since)
      .filter((age) => age < LONG_TASK_MS);
  }

  function assign(slot: Slot, pending: Pending): void {
    clearTimeout(slot.timer);
    slot.current = pending;
    slot.since = slot.isReady ? performance.now() : undefined;
    slot.timer = setTimeout(() => {
      retire(slot, timedOut(pending.limits.timeoutMs));
      dispatch();
    }, pending.limits.timeoutMs);
    tell(slot, { kind: 'task', job: pending.task }, pending.transfer);
  }

  function abort(pending: Pending, reason: Error): void {
    const index = waiting.indexOf(pending);
    if (index >= 0) {
      waiting.splice(index, 1);
      pending.settle(reason);
      return;
    }
    for (const slot of slots) if (slot.current === pending) retire(slot, reason);
    dispatch();
  }

  return {
    run<Kind extends TaskKind>(
      task: PdfTask<Kind>,
      limits: TaskLimits,
      transfer: readonly ArrayBuffer[] = [],
    ): Promise<TaskResult<Kind>> {
      const { signal } = limits;
      if (isClosed) return Promise.reject(shuttingDown());
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => abort(pending, signal.reason as Error);
        const pending: Pending = {
          task,
          transfer,
          limits,
          signs: false,
          settle: (outcome) => {
            signal.removeEventListener('abort', onAbort);
            if (outcome instanceof Error) reject(outcome);
            else resolve(outcome.result as TaskResult<Kind>);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(pending);
        dispatch();
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(look);
      for (const pending of waiting.splice(0)) pending.settle(shuttingDown());
      for (const slot of [...slots]) retire(slot, shuttingDown());
      await Promise.all(ending);
    },
  };
}

function failure(error: unknown): InfluxionError {
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new InfluxionError(
      'PDF_TOO_COMPLEX',
      `The PDF needed more than ${HEAP_MB} MB of memory to be processed.`,
      { hint: 'Split the document.' },
      error,
    );
  }
  return new InfluxionError('INTERNAL', 'The PDF worker stopped unexpectedly.', {}, error);
}

function timedOut(timeoutMs: number): InfluxionError {
  return new InfluxionError('PDF_TIMEOUT', `The PDF was not processed within ${timeoutMs / 1000} s.`, {
    hint: 'Split the document, or raise options.timeout_ms.',
  });
}

const shuttingDown = (): InfluxionError => new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.');
