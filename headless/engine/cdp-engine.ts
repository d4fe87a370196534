/** PdfEngine over a headless browser, talked to by raw CDP over a pipe. */
import os from 'node:os';
import { InfluxionError } from '../../core/error.ts';
import type { EngineStatus, PdfEngine, PrintRequest, PrintResult } from '../../core/pdf/engine.ts';
import { systemClock, type Clock, type Logger } from '../../core/ports.ts';
import { BrowserSlot } from './browser-slot.ts';
import { EnginePool } from './engine-pool.ts';
import { createFontScanner } from '../../core/pdf/font-scan.ts';
import { readShippedFonts } from '../../core/pdf/shipped-fonts.ts';
import { findBrowser, type FoundBrowser } from './find-browser.ts';
import { FontInspection } from './font-inspection.ts';
import { writeFontConfiguration } from './fontconfig.ts';
import { cleanLeftovers } from './leftovers.ts';
import { PrintAttempt } from './print-attempt.ts';

export interface CdpEngineOptions {
  /** A program file, or `npm` for the browser that comes with the product; default: see find-browser.ts. */
  readonly browser?: string;
  /** Unpacked browser, profiles, font configuration. */
  readonly cacheDir: string;
  /** TTF and OTF files that ship with the product. */
  readonly fontsDir: string;
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
  /** Milliseconds without work after which all processes but one end. Default 30,000. */
  readonly idleShutdownMs?: number;
}

const MB = 1024 * 1024;
/** Pages that may turn out to be dead before a print is given up. */
const SPARE_PAGES = 1;
const CLEAN_BYTES = 100 * MB;

export function createCdpEngine(options: CdpEngineOptions): PdfEngine {
  return new CdpEngine(options);
}

class CdpEngine implements PdfEngine {
  readonly concurrency: number;
  readonly #options: CdpEngineOptions;
  readonly #clock: Clock;
  readonly #pool: EnginePool;
  readonly #printMemoryBytes: number;
  #browser: Promise<{ found: FoundBrowser; fontConfiguration: string | undefined }> | undefined;
  #closed: Promise<void> | undefined;
  #fonts: FontInspection | undefined;
  #printed = 0;

  constructor(options: CdpEngineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.concurrency = Math.max(1, options.concurrency ?? os.availableParallelism());
    this.#printMemoryBytes = options.printMemoryBytes ?? Math.floor((os.totalmem() * 0.6) / this.concurrency);
    this.#pool = new EnginePool({
      most: this.concurrency,
      idleShutdownMs: options.idleShutdownMs ?? 30_000,
      logger: options.logger,
      startSlot: (signal) => this.#startSlot(signal),
    });
  }

  start(): Promise<void> {
    return this.#pool.warmUp();
  }

  async print(request: PrintRequest): Promise<PrintResult> {
    for (let spare = SPARE_PAGES; ; spare -= 1) {
      const slot = await this.#pool.acquire(request.signal);
      const attempt = new PrintAttempt(slot, request, {
        clock: this.#clock,
        memoryBytes: this.#printMemoryBytes,
        closing: () => this.#closed !== undefined,
        fonts: this.#fonts?.plan(request.html),
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

  async #startSlot(signal: AbortSignal): Promise<BrowserSlot> {
    this.#browser ??= this.#prepare();
    let prepared;
    try {
      prepared = await this.#browser;
    } catch (error) {
      this.#browser = undefined;
      throw error;
    }
    const { cacheDir, logger } = this.#options;
    return BrowserSlot.start({
      browser: prepared.found,
      fontConfiguration: prepared.fontConfiguration,
      cacheDir,
      logger,
      signal,
      cleanBytes: CLEAN_BYTES,
      recycleAfter: this.#options.recycleAfter ?? 5000,
      memoryCeilingBytes:
        this.#options.memoryCeilingBytes ?? Math.min(Math.max(os.totalmem() / 10, 600 * MB), 1536 * MB),
    });
  }

  async #prepare(): Promise<{ found: FoundBrowser; fontConfiguration: string | undefined }> {
    const { browser, cacheDir, fontsDir, logger } = this.#options;
    const [found, fonts] = await Promise.all([
      findBrowser({ browser, cacheDir }),
      readShippedFonts(fontsDir, cacheDir),
      cleanLeftovers(cacheDir, logger),
    ]);
    logger.info({ kind: found.kind, source: found.source, product: found.product }, 'Found a browser');
    // Elsewhere the browser takes its fonts from the platform alone; a template reaches ours by @font-face.
    const own = process.platform === 'linux' && fonts.families.length > 0;
    const shipped = own ? fonts.families : [];
    const fontConfiguration = own ? await writeFontConfiguration({ cacheDir, fontsDir, shipped }) : undefined;
    const { coverage } = fonts;
    this.#fonts = new FontInspection(createFontScanner({ shipped, aliased: own, coverage }), shipped);
    return { found, fontConfiguration };
  }
}

const isCrash = (error: unknown): boolean => InfluxionError.is(error) && error.code === 'ENGINE_CRASHED';
