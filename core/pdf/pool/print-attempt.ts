/** One print on one slot: its deadline, its cancellation, its memory, and what its failure means. */
import { InfluxionError } from '../../error.ts';
import { printError } from '../chromium-errors.ts';
import { allHtml, type PrintRequest, type PrintResult } from '../engine.ts';
import { WarningList } from '../warning-list.ts';
import type { Clock } from '../../ports.ts';
import { CdpClosedError, CdpError } from '../page/cdp-session.ts';
import type { PageJob } from '../page/hosted-page.ts';
import type { Printed } from '../page/page-target.ts';
import type { PageSlot } from './page-slot.ts';

/** A cancelled print may end by itself within this time; that is cheaper than a new process. */
const ABORT_GRACE_MS = 250;
const MEMORY_LOOK_MS = 500;
/** A consumer of a stream has at least this long. */
const LEAST_STREAM_MS = 30_000;
/** From this estimate of the file on it is read in parts; a single reply is faster below. */
const STREAM_BYTES = 24 * 1024 * 1024;
/** Bytes of PDF that a character of HTML makes at most: measured on long tables, plain and tagged. */
const PDF_PER_CHARACTER = { plain: 2, tagged: 20 };

export interface AttemptContext {
  readonly clock: Clock;
  /** Memory of the process tree at which the print is ended, bytes. */
  readonly memoryBytes: number;
  readonly closing: () => boolean;
  readonly fonts: PageJob['fonts'];
}

/** Exactly one of the two is called, once, when the slot is no longer needed. */
export interface AttemptEnd {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

type PrintedStream = Extract<Printed, { readonly stream: unknown }>;

export class PrintAttempt {
  readonly #slot: PageSlot;
  readonly #request: PrintRequest;
  readonly #context: AttemptContext;
  readonly #warnings = new WarningList();
  readonly #cut = Promise.withResolvers<never>();
  readonly #job: PageJob;
  readonly #startedAt: number;

  constructor(slot: PageSlot, request: PrintRequest, context: AttemptContext) {
    this.#slot = slot;
    this.#request = request;
    this.#context = context;
    this.#startedAt = context.clock.monotonic();
    this.#job = {
      request,
      warnings: this.#warnings,
      stage: 'load',
      begun: false,
      fonts: context.fonts,
      fail: (error) => {
        this.#cut.reject(error);
      },
    };
    this.#cut.promise.catch(() => undefined);
  }

  /** Whether a page has got the document. */
  get hasBegun(): boolean {
    return this.#job.begun;
  }

  /** Errors: those of PdfEngine.print. */
  async run(end: AttemptEnd): Promise<PrintResult> {
    const { signal } = this.#request;
    const abort = (): void => {
      this.#cut.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    const deadline = setTimeout(() => {
      this.#cut.reject(this.#timeout());
    }, this.#request.timeoutMs);
    const watch = setInterval(() => void this.#lookAtMemory(), MEMORY_LOOK_MS);
    const work = this.#slot.print(this.#job, expectsLargeFile(this.#request));
    let printed: Printed;
    try {
      signal.throwIfAborted();
      printed = await Promise.race([work, this.#cut.promise]);
    } catch (cause) {
      if (cause instanceof CdpError) await this.#slot.verify();
      const error = this.#explain(cause);
      if (signal.aborted && cause === signal.reason) this.#letFinish(work, end, error);
      else end.failed(error);
      throw error;
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
      signal.removeEventListener('abort', abort);
    }
    const warnings = this.#warnings.all();
    if ('bytes' in printed) {
      end.done();
      const { bodies } = this.#job;
      return { pdf: printed.bytes, warnings, ...(bodies !== undefined && { bodies }) };
    }
    return { pdf: this.#stream(printed, end), warnings };
  }

  #stream({ stream }: PrintedStream, end: AttemptEnd): AsyncIterable<Uint8Array> {
    const { clock } = this.#context;
    const rest = this.#request.timeoutMs - (clock.monotonic() - this.#startedAt);
    const tooSlow = new AbortController();
    const timer = setTimeout(
      () => {
        const error = new InfluxionError('PRINT_TIMEOUT', 'The printed document was not read in time.');
        tooSlow.abort(error);
        end.failed(error);
      },
      Math.max(rest, LEAST_STREAM_MS),
    );
    return stream({
      signal: AbortSignal.any([this.#request.signal, tooSlow.signal]),
      finish: (error) => {
        clearTimeout(timer);
        if (error === undefined) end.done();
        else if (!tooSlow.signal.aborted) end.failed(error);
      },
    });
  }

  /** After a cancel: a print that ends in a moment leaves the page as good as new. */
  #letFinish(work: Promise<Printed>, end: AttemptEnd, error: unknown): void {
    const grace = Promise.withResolvers<'late'>();
    const timer = setTimeout(grace.resolve, ABORT_GRACE_MS, 'late');
    Promise.race([work, grace.promise]).then(
      (outcome) => {
        clearTimeout(timer);
        if (outcome === 'late' || 'stream' in outcome) end.failed(error);
        else end.done();
      },
      () => {
        clearTimeout(timer);
        end.failed(error);
      },
    );
  }

  async #lookAtMemory(): Promise<void> {
    const bytes = await this.#slot.memory().catch(() => undefined);
    if (bytes === undefined || bytes <= this.#context.memoryBytes) return;
    this.#cut.reject(
      new InfluxionError(
        'DOCUMENT_TOO_COMPLEX',
        'The browser needed too much memory for this document, so it was stopped.',
        { hint: 'Print it in parts, or make its images and tables smaller.' },
      ),
    );
  }

  #timeout(): InfluxionError {
    const seconds = this.#request.timeoutMs / 1000;
    if (this.#request.scripts && this.#job.stage === 'load') {
      return new InfluxionError(
        'SCRIPT_TIMEOUT',
        `The scripts of the document were not done after ${seconds} s.`,
        { hint: 'Look for an endless loop, or for a window.influxionReady that is never resolved.' },
      );
    }
    return new InfluxionError('PRINT_TIMEOUT', `The document was not printed within ${seconds} s.`, {
      hint: 'Raise timeout_ms, or print the document in parts.',
    });
  }

  /** What a failure means to whoever asked. What happened to the browser outranks the error of the last command. */
  #explain(cause: unknown): unknown {
    if (cause === this.#request.signal.reason || InfluxionError.is(cause)) return cause;
    if (this.#context.closing())
      return new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping.', {}, cause);
    if (cause instanceof CdpClosedError || !this.#slot.isUsable) {
      return new InfluxionError(
        'ENGINE_CRASHED',
        'The browser stopped while it worked on the document.',
        {},
        cause,
      );
    }
    // Anything else is not of the browser: an asset that could not be read.
    return cause instanceof CdpError ? printError(cause) : cause;
  }
}

/** Whether the file may have tens of megabytes; a wrong guess costs time or memory, nothing else. */
function expectsLargeFile(request: PrintRequest): boolean {
  const { settings } = request;
  const perCharacter =
    settings.tagged || settings.outline ? PDF_PER_CHARACTER.tagged : PDF_PER_CHARACTER.plain;
  return allHtml(request).length * perCharacter > STREAM_BYTES;
}
