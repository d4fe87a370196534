/** One call of `influxion.generate_pdf`, from its arguments to its result. Knows nothing of queues. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { GenerateRequest, JobStage } from '../../../../contract/job.ts';
import { InfluxionError } from '../../../error.ts';
import { parseJsonBody } from '../../../http/json-body.ts';
import type { PipelineResult, RunPipeline } from '../../../jobs/pipeline.ts';
import { pagesOf, pagesOfFile } from '../../../pdf/document-pages.ts';
import type { Scratch } from '../../../pdf/finish/scratch.ts';
import {
  DEFAULT_INLINE_LIMIT,
  parseCall,
  parseRequest,
  type GeneratePdfCall,
  type GeneratePdfResult,
} from '../generate-pdf.ts';
import type { TaskMessage } from '../task-message.ts';

/** Fetches and delivers what is too large for messages, at addresses that come in messages. */
export interface BlobClient {
  read(url: string, options: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Buffer>;
  write(
    url: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly size: number; readonly sha256: string; readonly signal: AbortSignal },
  ): Promise<void>;
}

export interface PerformDeps {
  readonly run: RunPipeline;
  readonly blobs: BlobClient;
  readonly openScratch: () => Promise<Scratch>;
  readonly ranOn: { readonly host: string; readonly version: string };
}

export type Perform = (
  task: TaskMessage,
  context: { readonly signal: AbortSignal; readonly onStage: (stage: JobStage) => void },
) => Promise<GeneratePdfResult>;

/** Of a request that is fetched; that of a message is limited by the message. */
const MAX_REQUEST_BYTES = 256 * 1024 * 1024;
/** A PDF in base64 that brokers still take: RabbitMQ 4 refuses messages above 16 MiB. */
const MAX_INLINE_BYTES = 11 * 1024 * 1024;

/** Errors: VALIDATION_FAILED, RESULT_TOO_LARGE, those of the blobs and of the pipeline. */
export function createPerformer({ run, blobs, openScratch, ranOn }: PerformDeps): Perform {
  let scratch: Promise<Scratch> | undefined;
  return async (task, { signal, onStage }) => {
    const call = parseCall(task.args, task.kwargs);
    const request = call.request ?? (await fetchRequest(call, signal));
    refuseWebhook(request);
    const result = await run(request, { signal, onStage });
    onStage('store');
    const placed = await place(result, call, signal);
    const { warnings, timings, signature } = result;
    return {
      ...placed,
      warnings: [...warnings],
      timings_ms: rounded(timings),
      ...(signature !== undefined && { signature }),
      ran_on: ranOn,
    };
  };

  async function fetchRequest({ envelope }: GeneratePdfCall, signal: AbortSignal): Promise<GenerateRequest> {
    const body = await blobs.read(envelope.payload_url ?? '', { maxBytes: MAX_REQUEST_BYTES, signal });
    return parseRequest(parseJsonBody(body));
  }

  /** Into the message while it is small, else to where the caller wants it. */
  async function place({ pdf, pages: known }: PipelineResult, call: GeneratePdfCall, signal: AbortSignal) {
    if (pdf instanceof Uint8Array) {
      const facts = { size: pdf.length, sha256: createHash('sha256').update(pdf).digest('hex') };
      const pages = known ?? (await pagesOf(pdf).catch(() => null));
      return {
        ...facts,
        pages,
        ...(await deliver(
          call,
          facts,
          () => pdf,
          () => Promise.resolve(pdf),
          signal,
        )),
      };
    }
    const disk = await (scratch ??= openScratch());
    const hash = createHash('sha256');
    let size = 0;
    const file = await disk.spool(counted(pdf), signal);
    try {
      const facts = { size, sha256: hash.digest('hex') };
      const pages = known ?? (await pagesOfFile(file, size).catch(() => null));
      const stream = () => createReadStream(file, { highWaterMark: 1024 * 1024 });
      return { ...facts, pages, ...(await deliver(call, facts, stream, () => readFile(file), signal)) };
    } finally {
      await disk.remove(file);
    }

    async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
  }

  async function deliver(
    { envelope }: GeneratePdfCall,
    facts: { readonly size: number; readonly sha256: string },
    stream: () => Uint8Array | AsyncIterable<Uint8Array>,
    whole: () => Promise<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ pdf: string | null; url: string | null }> {
    const { upload_url: url, inline_limit: limit } = envelope;
    if (url != null && facts.size > Math.min(limit ?? DEFAULT_INLINE_LIMIT, MAX_INLINE_BYTES)) {
      await blobs.write(url, stream(), { ...facts, signal }).catch((error: unknown) => {
        throw InfluxionError.is(error) && error.code === 'BODY_TOO_LARGE'
          ? refusedAsLarge(facts.size)
          : error;
      });
      return { pdf: null, url };
    }
    if (facts.size > MAX_INLINE_BYTES) throw tooLargeForMessage(facts.size);
    return { pdf: Buffer.from(await whole()).toString('base64'), url: null };
  }
}

/** Only an API host keeps what it has promised to send until it has arrived. */
function refuseWebhook({ webhook_url: url }: GenerateRequest): void {
  if (url == null) return;
  const message = 'A worker sends no webhooks; the result comes back over the broker.';
  throw new InfluxionError('VALIDATION_FAILED', `"webhook_url" cannot be used here: ${message}`, {
    errors: [{ path: 'webhook_url', message }],
  });
}

const rounded = (timings: PipelineResult['timings']): GeneratePdfResult['timings_ms'] =>
  Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Math.round(Number(ms) * 10) / 10]));

const refusedAsLarge = (size: number): InfluxionError =>
  new InfluxionError('RESULT_TOO_LARGE', `The document has ${size} bytes, more than its receiver takes.`, {
    hint: 'Raise the limit of what stands before the API host or of the S3 store, or make the document smaller.',
  });

const tooLargeForMessage = (size: number): InfluxionError =>
  new InfluxionError(
    'RESULT_TOO_LARGE',
    `The document has ${size} bytes; up to ${MAX_INLINE_BYTES} come back in a message.`,
    { hint: 'Send an upload_url where it is put by HTTP, or generate it over the API.' },
  );
