/** One process with its warm page: what one print at a time runs on. */
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import { CdpClosedError } from '../page/cdp-session.ts';
import { allHtml } from '../engine.ts';
import { HostedPage, type PageJob } from '../page/hosted-page.ts';
import type { PageTarget, Printed } from '../page/page-target.ts';
import type { PageSlot } from './page-slot.ts';

/**
 * Chromium keeps printed documents until a collection of its own. Of small ones it holds on to about this much each,
 * and collecting them by hand now and then costs 2 % of the time. After large ones a collection takes so long
 * (0.3 ms a megabyte) that a new process, started meanwhile, is the cheaper way to get the memory back.
 */
const KEPT_BYTES = 1.6e6;
const SMALL_CHARACTERS = 16_000;
/** What a large document leaves, a character; for systems that do not tell the memory of a process. */
const KEPT_PER_CHARACTER = 850;

/** A browser process, or a hidden window with its renderer. */
export interface PageProcess {
  readonly product: string;
  /** False once it has ended or its pages no longer answer. */
  readonly isUsable: boolean;
  /** Resolves once it has ended, whoever ended it; why, in words for the log. */
  readonly left: Promise<string>;
  /** What a person may do when it does not start. */
  readonly startHint: string;
  /** `isolated`: a page that shares nothing with the others and draws frames by itself, for a document with scripts. */
  openTarget(isolated: boolean): Promise<PageTarget>;
  /** Bytes that it holds for itself. Undefined where the system does not tell. */
  memory(): Promise<number | undefined>;
  /** All that waits for it rejects. */
  giveUp(reason: string): void;
  /** Ends it at once. Never rejects. */
  kill(): Promise<void>;
}

export interface WarmSlotOptions {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Estimate of what small documents left at which the page is cleaned, bytes. */
  readonly cleanBytes: number;
  /** Prints after which the process is replaced. */
  readonly recycleAfter: number;
  /** Memory of the process at which it is replaced, bytes. */
  readonly memoryCeilingBytes: number;
}

/** Cleanings between two looks at the memory. */
const CLEANINGS_PER_LOOK = 4;
/** Part of the ceiling that large documents may have left between two looks: one waits for files while nothing prints. */
const LOOK_EVERY = 1 / 4;

export class WarmSlot implements PageSlot {
  readonly #process: PageProcess;
  readonly #page: HostedPage;
  readonly #options: WarmSlotOptions;
  #scripted: HostedPage | undefined;
  #printed = 0;
  /** Estimates, bytes. */
  #keptBySmall = 0;
  #keptByLarge = 0;
  /** Of that, at the last look. */
  #seenOfLarge = 0;
  #cleanings = 0;
  #warm = false;
  #overCeiling = false;

  private constructor(process: PageProcess, page: HostedPage, options: WarmSlotOptions) {
    this.#process = process;
    this.#page = page;
    this.#options = options;
  }

  /** Opens the warm page. Errors: ENGINE_START_FAILED when the process ends before; the reason of the aborted signal. */
  static async start(process: PageProcess, options: WarmSlotOptions): Promise<WarmSlot> {
    const abort = (): void => {
      void process.kill();
    };
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      const page = await HostedPage.open(await process.openTarget(false), {
        scripts: false,
        onError: pageError(process, options.logger),
      });
      return new WarmSlot(process, page, options);
    } catch (cause) {
      await process.kill();
      options.signal.throwIfAborted();
      throw new InfluxionError(
        'ENGINE_START_FAILED',
        'The browser stopped before it had opened a page.',
        { hint: process.startHint },
        cause,
      );
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
  }

  get product(): string {
    return this.#process.product;
  }

  get left(): Promise<string> {
    return this.#process.left;
  }

  memory(): Promise<number | undefined> {
    return this.#process.memory();
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  get isUsable(): boolean {
    return this.#process.isUsable;
  }

  get isWorn(): boolean {
    return this.#printed >= this.#options.recycleAfter || this.#overCeiling;
  }

  get isCold(): boolean {
    return !this.#warm;
  }

  get keepsDocuments(): boolean {
    return this.#keptBySmall + this.#keptByLarge > 0;
  }

  async rehearse(): Promise<void> {
    await this.#page.rehearse();
    this.#warm = true;
    await this.clean();
  }

  async print(job: PageJob, stream: boolean): Promise<Printed> {
    this.#printed += 1;
    this.#warm = true;
    const { length } = allHtml(job.request);
    const count = job.request.bodies?.length ?? 1;
    if (length <= SMALL_CHARACTERS * count) this.#keptBySmall += KEPT_BYTES * count;
    else this.#keptByLarge += length * KEPT_PER_CHARACTER;
    if (!job.request.scripts) return this.#page.printStatic(job, stream);
    const page = await HostedPage.open(await this.#process.openTarget(true), {
      scripts: true,
      onError: pageError(this.#process, this.#options.logger),
    });
    this.#scripted = page;
    return page.printScripted(job, stream);
  }

  /**
   * After a refusal: a renderer that was killed makes Chromium say «Printing failed», like a document that it refuses, and
   * its end is told a moment later. Closes the connection when the page gives no answer.
   */
  async verify(): Promise<void> {
    await (this.#scripted ?? this.#page).ping().catch((error: unknown) => {
      if (error instanceof CdpClosedError) this.#process.giveUp('The page does not answer');
    });
  }

  get needsCare(): boolean {
    return (
      this.#scripted !== undefined || this.#keptBySmall >= this.#options.cleanBytes || this.#mayBeOverCeiling
    );
  }

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
    this.#seenOfLarge = 0;
    this.#cleanings += 1;
    if (this.#cleanings % CLEANINGS_PER_LOOK === 0) await this.#lookAtMemory();
  }

  get #mayBeOverCeiling(): boolean {
    const unseen = this.#keptByLarge - this.#seenOfLarge;
    return unseen >= this.#options.memoryCeilingBytes * LOOK_EVERY && !this.#overCeiling;
  }

  /** Marks the slot as worn when its processes hold more than the ceiling. Costs a few short reads of files. */
  async #lookAtMemory(): Promise<void> {
    this.#seenOfLarge = this.#keptByLarge;
    const bytes = (await this.#process.memory()) ?? this.#keptByLarge;
    if (bytes <= this.#options.memoryCeilingBytes) return;
    this.#overCeiling = true;
    this.#options.logger.info(
      { bytes, printed: this.#printed },
      'A browser process is over its memory ceiling and will be replaced',
    );
  }
}

/** Nothing is known of a page whose events cannot be handled: its process is given up. */
function pageError(process: PageProcess, logger: Logger): (error: unknown) => void {
  return (error) => {
    if (!process.isUsable) return;
    logger.error({ err: error }, 'A page could not be served');
    process.giveUp('A page could not be served');
  };
}
