/** PdfEngine over a pool of warm pages, whatever carries them. */
import os from 'node:os';
import { InfluxionError } from '../../error.ts';
import { systemClock, type Clock, type Logger } from '../../ports.ts';
import {
  allHtml,
  type EngineStatus,
  type PdfEngine,
  type PrintRequest,
  type PrintResult,
} from '../engine.ts';
import type { FontInspection } from '../page/font-inspection.ts';
import { EnginePool } from './engine-pool.ts';
import type { PageSlot } from './page-slot.ts';
import { PrintAttempt } from './print-attempt.ts';
import type { WarmSlotOptions } from './warm-slot.ts';

export interface PoolingOptions {
  /** Most prints at once, each on a process of its own. Default: the cores of the machine. */
  readonly concurrency?: number;
  readonly logger: Logger;
  readonly clock?: Clock;
  /**
   * A process whose own memory is above this after a print is replaced, bytes. Default: a tenth of the machine's
   * memory, at least 600 MB and at most 1.5 GB.
   */
  readonly memoryCeilingBytes?: number;
  /** A print whose process takes more than this is ended, bytes. Default: 60 % of the machine's memory, shared out. */
  readonly printMemoryBytes?: number;
  /** Prints after which a process is replaced. Default 5,000. */
  readonly recycleAfter?: number;
  /** Milliseconds without work after which all processes but one end, and that one frees what it keeps. Default 30,000. */
  readonly idleShutdownMs?: number;
}

export interface PageSupply {
  /** Errors: ENGINE_NOT_FOUND, ENGINE_START_FAILED, the reason of the aborted signal. */
  startSlot(options: WarmSlotOptions): Promise<PageSlot>;
  /** Undefined until the first slot has been started. */
  readonly fonts: FontInspection | undefined;
}

const MB = 1024 * 1024;
/** Pages that may turn out to be dead before a print is given up. */
const SPARE_PAGES = 1;
const CLEAN_BYTES = 100 * MB;

export class PooledEngine implements PdfEngine {
  readonly concurrency: number;
  readonly #clock: Clock;
  readonly #pool: EnginePool;
  readonly #supply: PageSupply;
  readonly #printMemoryBytes: number;
  #closed: Promise<void> | undefined;
  #printed = 0;

  constructor(supply: PageSupply, options: PoolingOptions) {
    const { logger } = options;
    this.#supply = supply;
    this.#clock = options.clock ?? systemClock;
    this.concurrency = Math.max(1, options.concurrency ?? os.availableParallelism());
    this.#printMemoryBytes = options.printMemoryBytes ?? Math.floor((os.totalmem() * 0.6) / this.concurrency);
    this.#pool = new EnginePool({
      most: this.concurrency,
      idleShutdownMs: options.idleShutdownMs ?? 30_000,
      logger,
      startSlot: (signal) =>
        supply.startSlot({
          logger,
          signal,
          cleanBytes: CLEAN_BYTES,
          recycleAfter: options.recycleAfter ?? 5000,
          memoryCeilingBytes:
            options.memoryCeilingBytes ?? Math.min(Math.max(os.totalmem() / 10, 600 * MB), 1536 * MB),
        }),
    });
  }

  start(): Promise<void> {
    return this.#pool.warmUp();
  }

  async print(request: PrintRequest): Promise<PrintResult> {
    for (let spare = SPARE_PAGES; ; spare -= 1) {
      const slot = await this.#pool.acquire(request.signal, request.urgency);
      const attempt = new PrintAttempt(slot, request, {
        clock: this.#clock,
        memoryBytes: this.#printMemoryBytes,
        closing: () => this.#closed !== undefined,
        fonts: this.#supply.fonts?.plan(allHtml(request)),
      });
      try {
        return await attempt.run({
          done: () => {
            this.#printed += 1;
            this.#pool.release(slot);
          },
          failed: (error) => {
            if (isCrash(error)) this.#pool.noteCrash();
            this.#pool.discard(slot);
          },
        });
      } catch (error) {
        // A shared page that had died before has nothing to do with the document; scripts get a page of their own.
        if (spare === 0 || request.scripts || attempt.hasBegun || !isCrash(error)) throw error;
      }
    }
  }

  status(): EngineStatus {
    const { busy, waiting, starting, ...facts } = this.#pool.facts;
    return {
      ...facts,
      state: this.#state(starting),
      busyPages: busy,
      waiting,
      printed: this.#printed,
    };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#pool.close());
  }

  #state(starting: boolean): EngineStatus['state'] {
    const { processes, problem } = this.#pool.facts;
    if (this.#closed) return 'closed';
    if (processes > 0) return 'ready';
    if (starting) return 'starting';
    return problem === undefined ? 'idle' : 'failed';
  }
}

const isCrash = (error: unknown): boolean => InfluxionError.is(error) && error.code === 'ENGINE_CRASHED';
