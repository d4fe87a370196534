/** One browser process with its warm page: what one print at a time runs on. */
import { InfluxionError } from '../../core/error.ts';
import type { Logger } from '../../core/ports.ts';
import { BrowserProcess, type LaunchOptions } from './browser-process.ts';
import { CdpClosedError } from './cdp-connection.ts';
import { HostedPage, type PageJob, type Printed } from './hosted-page.ts';
import { ownMemory, sessionMembers } from './process-facts.ts';

/**
 * Chromium keeps printed documents until a collection of its own. Of small ones it holds on to about this much each,
 * and collecting them by hand now and then costs 2 % of the time. After large ones a collection takes so long
 * (0.3 ms a megabyte) that a new process, started meanwhile, is the cheaper way to get the memory back.
 */
const KEPT_BYTES = 1.6e6;
const SMALL_CHARACTERS = 16_000;
/** What a large document leaves, a character; for systems that do not tell the memory of a process. */
const KEPT_PER_CHARACTER = 850;

export interface SlotOptions extends LaunchOptions {
  /** Estimate of what small documents left at which the page is cleaned, bytes. */
  readonly cleanBytes: number;
  /** Prints after which the process is replaced. */
  readonly recycleAfter: number;
  /** Memory of the process tree at which it is replaced, bytes. */
  readonly memoryCeilingBytes: number;
}

/** Cleanings between two looks at the memory; looks between two counts of the processes. */
const CLEANINGS_PER_LOOK = 4;
const LOOKS_PER_COUNT = 50;

export class BrowserSlot {
  readonly process: BrowserProcess;
  readonly #page: HostedPage;
  readonly #options: SlotOptions;
  readonly #logger: Logger;
  #scripted: HostedPage | undefined;
  #printed = 0;
  /** Estimates, bytes. */
  #keptBySmall = 0;
  #keptByLarge = 0;
  #cleanings = 0;
  #looks = 0;
  #members: readonly number[] = [];
  #warm = false;
  #overCeiling = false;

  private constructor(process: BrowserProcess, page: HostedPage, options: SlotOptions) {
    this.process = process;
    this.#page = page;
    this.#options = options;
    this.#logger = options.logger;
  }

  /** Errors: those of `BrowserProcess.launch`, also when the browser ends before its first page is there. */
  static async start(options: SlotOptions): Promise<BrowserSlot> {
    const process = await BrowserProcess.launch(options);
    const abort = (): void => {
      void process.kill();
    };
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      const page = await HostedPage.open(process.connection, {
        isolated: false,
        onError: slotError(process, options.logger),
      });
      return new BrowserSlot(process, page, options);
    } catch (cause) {
      await process.kill();
      options.signal.throwIfAborted();
      throw new InfluxionError(
        'ENGINE_START_FAILED',
        'The browser stopped before it had opened a page.',
        { hint: 'Run `influxion doctor`, or set INFLUXION_BROWSER to another browser.' },
        cause,
      );
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
  }

  /** False once the process or its page is gone. */
  get isUsable(): boolean {
    return !this.process.hasLeft && !this.process.connection.isClosed;
  }

  /** True when the process has served its time and should be replaced as soon as another is there. */
  get isWorn(): boolean {
    return this.#printed >= this.#options.recycleAfter || this.#overCeiling;
  }

  /** Whether there is something to do in a quiet moment. */
  get wantsRest(): boolean {
    return this.#keptBySmall + this.#keptByLarge > 0 || !this.#warm;
  }

  /**
   * For a quiet moment: frees what is kept. A page that has not printed yet prints an empty one, so that the first
   * document finds fonts and printing code loaded, as every other does.
   */
  async rest(): Promise<void> {
    if (!this.#warm) {
      await this.#page.rehearse();
      this.#warm = true;
    }
    await this.clean();
  }

  /** Rejects with Chromium's error or when the process ends. Bounded by the caller, who kills the slot. */
  async print(job: PageJob, stream: boolean): Promise<Printed> {
    this.#printed += 1;
    this.#warm = true;
    const { length } = job.request.html;
    if (length <= SMALL_CHARACTERS) this.#keptBySmall += KEPT_BYTES;
    else this.#keptByLarge += length * KEPT_PER_CHARACTER;
    if (!job.request.scripts) return this.#page.printStatic(job, stream);
    const page = await HostedPage.open(this.process.connection, {
      isolated: true,
      onError: slotError(this.process, this.#logger),
    });
    this.#scripted = page;
    return page.printScripted(job, stream);
  }

  /**
   * After a refusal: a renderer that was killed makes Chromium say «Printing failed», like a document that it refuses, and
   * its end is told a moment later. Closes the connection when the page gives no answer.
   */
  async verify(): Promise<void> {
    const { connection } = this.process;
    await (this.#scripted ?? this.#page).ping().catch((error: unknown) => {
      if (error instanceof CdpClosedError) connection.close('The page does not answer');
    });
  }

  /** Whether something is to be done before the next print. */
  get needsCare(): boolean {
    return (
      this.#scripted !== undefined || this.#keptBySmall >= this.#options.cleanBytes || this.#mayBeOverCeiling
    );
  }

  /** Closes what the last print opened and keeps the memory in bounds. Rejects when the process is to be given up. */
  async care(): Promise<void> {
    const page = this.#scripted;
    this.#scripted = undefined;
    await page?.close();
    if (this.#keptBySmall >= this.#options.cleanBytes) await this.clean();
    else if (this.#mayBeOverCeiling) await this.#lookAtMemory();
  }

  /** Frees what the renderer keeps; now and then looks whether that was enough. */
  async clean(): Promise<void> {
    await this.#page.clean();
    this.#keptBySmall = 0;
    this.#keptByLarge = 0;
    this.#cleanings += 1;
    if (this.#cleanings % CLEANINGS_PER_LOOK === 0) await this.#lookAtMemory();
  }

  get #mayBeOverCeiling(): boolean {
    return this.#keptByLarge > 0 && !this.#overCeiling;
  }

  /** Marks the slot as worn when its processes hold more than the ceiling. Costs a few short reads of files. */
  async #lookAtMemory(): Promise<void> {
    if (this.#looks % LOOKS_PER_COUNT === 0) {
      this.#members = (await sessionMembers(this.process.pid)).map(({ pid }) => pid);
    }
    this.#looks += 1;
    const bytes = (await ownMemory(this.#members)) ?? this.#keptByLarge;
    if (bytes <= this.#options.memoryCeilingBytes) return;
    this.#overCeiling = true;
    this.#logger.info(
      { bytes, printed: this.#printed },
      'A browser process is over its memory ceiling and will be replaced',
    );
  }
}

/** Nothing is known of a page whose events cannot be handled: its process is given up. */
function slotError(process: BrowserProcess, logger: Logger): (error: unknown) => void {
  return (error) => {
    if (process.connection.isClosed) return;
    logger.error({ err: error }, 'A page could not be served');
    process.connection.close('A page could not be served');
  };
}
