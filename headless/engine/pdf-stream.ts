/** Reads a printed document in parts, for one that is too large to hold twice. */
import { InfluxionError } from '../../core/error.ts';
import type { CdpParams } from '../../core/pdf/page/cdp-session.ts';

export interface PdfStreamSource {
  send(method: string, params?: CdpParams, timeoutMs?: number): Promise<CdpParams>;
}

const READ_BYTES = 4 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Yields the parts of a stream that `Page.printToPDF` returned. `signal` bounds the whole: its reason is thrown. The
 * stream is closed and `finish` called exactly once, also when the consumer returns early.
 */
export async function* readPdfStream(
  source: PdfStreamSource,
  handle: string,
  options: { readonly signal: AbortSignal; readonly finish: (error: unknown) => void },
): AsyncGenerator<Uint8Array> {
  const { signal } = options;
  const cut = Promise.withResolvers<never>();
  const abort = (): void => {
    cut.reject(signal.reason as Error);
  };
  cut.promise.catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  let failure: unknown;
  try {
    signal.throwIfAborted();
    for (;;) {
      const part = await Promise.race([source.send('IO.read', { handle, size: READ_BYTES }), cut.promise]);
      const bytes = partBytes(part);
      if (bytes.length > 0) yield bytes;
      if (part['eof'] === true) break;
    }
  } catch (error) {
    failure = signal.aborted
      ? signal.reason
      : new InfluxionError(
          'ENGINE_CRASHED',
          'The browser stopped while the document was read from it.',
          {},
          error,
        );
    throw failure;
  } finally {
    signal.removeEventListener('abort', abort);
    if (failure === undefined) {
      await source.send('IO.close', { handle }, CLOSE_TIMEOUT_MS).catch((error: unknown) => {
        failure = error;
      });
    }
    options.finish(failure);
  }
}

function partBytes(part: CdpParams): Buffer {
  const data = part['data'];
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(
    typeof data === 'string' ? data : '',
    part['base64Encoded'] === true ? 'base64' : 'latin1',
  );
}
