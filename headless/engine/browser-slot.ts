/** One browser process with its warm page: what one print at a time runs on. */
import type { Logger } from '../../core/ports.ts';
import type { PdfStreamSource } from './pdf-stream.ts';
import { BrowserProcess, type LaunchOptions } from './browser-process.ts';
import { HostedPage, type PageJob, type Printed } from './hosted-page.ts';
import { sessionMemory } from './process-facts.ts';

/**
 * Chromium keeps printed documents until a late collection: about this much for a small one, and this many times the
 * text of a large one (measured: 1.6 MB an invoice of 10 KB, 245 MB for a table of 400 KB).
 */
const KEPT_BYTES = 1.6e6;
const KEPT_PER_CHARACTER = 600;
const SMALL_CHARACTERS = 16_000;

export interface SlotOptions extends LaunchOptions {
  /** Estimate of kept memory at which the page is cleaned, bytes. */
  readonly cleanBytes: number;
  /** Prints after which the process is replaced. */
  readonly recycleAfter: number;
  /** Memory of the process tree after cleaning at which it is replaced, bytes. */
  readonly memoryCeilingBytes: number;
}

/** Cleanings between two looks at the memory of the process tree. */
const CLEANINGS_PER_LOOK = 4;

export class BrowserSlot {
  readonly process: BrowserProcess;
  readonly #page: HostedPage;
  readonly #options: SlotOptions;
  readonly #logger: Logger;
  #printed = 0;
  #keptBytes = 0;
  #cleanings = 0;
  #warm = false;
  #overCeiling = false;

  private constructor(process: BrowserProcess, page: HostedPage, options: SlotOptions) {
    this.process = process;
    this.#page = page;
    this.#options = options;
    this.#logger = options.logger;
  }

  static async start(options: SlotOptions): Promise<BrowserSlot> {
    const process = await BrowserProcess.launch(options);
    try {
      const page = await HostedPage.open(process.connection, {
        isolated: false,
        onError: slotError(process, options.logger),
      });
      return new BrowserSlot(process, page, options);
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  /** Where streams are read from. */
  get streams(): PdfStreamSource {
    return this.#page.session;
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
    return this.#keptBytes > 0 || !this.#warm;
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
    this.#keptBytes +=
      KEPT_BYTES + Math.max(0, job.request.html.length - SMALL_CHARACTERS) * KEPT_PER_CHARACTER;
    if (!job.request.scripts) return this.#page.printStatic(job, stream);
    const page = await HostedPage.open(this.process.connection, {
      isolated: true,
      onError: slotError(this.process, this.#logger),
    });
    const printed = await page.printScripted(job, false);
    await page.close();
    return printed;
  }

  /** Whether what the renderer keeps is worth a collection before the next print. */
  get needsCleaning(): boolean {
    return this.#keptBytes >= this.#options.cleanBytes;
  }

  /** Frees what the renderer keeps; now and then looks whether that was enough. */
  async clean(): Promise<void> {
    const large = this.#keptBytes >= 2 * this.#options.cleanBytes;
    await this.#page.clean();
    this.#keptBytes = 0;
    this.#cleanings += 1;
    if (!large && this.#cleanings % CLEANINGS_PER_LOOK !== 0) return;
    const bytes = await sessionMemory(this.process.pid);
    if (bytes === undefined || bytes <= this.#options.memoryCeilingBytes) return;
    this.#overCeiling = true;
    this.#logger.info({ bytes, printed: this.#printed }, 'A browser process is over its memory ceiling');
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
