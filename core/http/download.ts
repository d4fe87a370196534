/** Sends a finished document: conditions, ranges and HEAD after RFC 9110, from disk at the reader's pace. */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InfluxionError } from '../error.ts';
import type { OpenedOutput } from '../jobs/job-service.ts';
import { evaluateConditions, selectRange, type ByteRange, type Validators } from './conditional.ts';
import { attachment } from './content-disposition.ts';
import type { HttpLimits } from './http-deps.ts';

/**
 * Up to here a document is read in one go on this thread: 35 µs from the page cache, where it lies after it was just
 * made, against 140 µs of CPU through the thread pool. The data folder is on a local disk (the database asks for it).
 */
const ONE_READ_BYTES = 128 * 1024;

const WHOLE_FILE = 200;
const PARTIAL = 206;

export async function sendOutput(
  request: FastifyRequest,
  reply: FastifyReply,
  output: OpenedOutput,
  limits: HttpLimits,
): Promise<FastifyReply> {
  const { headers } = request;
  const validators: Validators = { etag: `"${output.sha256}"`, lastModified: output.completedAt };
  void reply
    .header('etag', validators.etag)
    .header('last-modified', output.completedAt.toUTCString())
    .header('cache-control', 'private, no-cache')
    .header('accept-ranges', 'bytes');

  if (request.method !== 'POST') {
    const outcome = evaluateConditions(
      {
        ifMatch: headers['if-match'],
        ifNoneMatch: headers['if-none-match'],
        ifModifiedSince: headers['if-modified-since'],
        ifUnmodifiedSince: headers['if-unmodified-since'],
      },
      validators,
    );
    if (outcome === 'not-modified') return reply.code(304).send();
    if (outcome === 'failed') {
      throw new InfluxionError('PRECONDITION_FAILED', 'The document is not the version that was asked for.');
    }
  }

  const range =
    request.method === 'GET'
      ? selectRange(headers.range, headers['if-range'] as string | undefined, output.size, validators)
      : undefined;
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${output.size}`);
    throw new InfluxionError(
      'RANGE_NOT_SATISFIABLE',
      `The document has ${output.size} bytes, and the range begins behind them.`,
    );
  }

  const part = range ?? { start: 0, end: output.size - 1 };
  const length = part.end - part.start + 1;
  const body = request.method === 'HEAD' ? undefined : await openBody(output, part, reply, limits);
  if (range !== undefined) {
    void reply.header('content-range', `bytes ${range.start}-${range.end}/${output.size}`);
  }
  return reply
    .code(range === undefined ? WHOLE_FILE : PARTIAL)
    .header('content-type', 'application/pdf')
    .header('content-length', String(length))
    .header('content-disposition', attachment(output.filename))
    .send(body);
}

async function openBody(output: OpenedOutput, part: ByteRange, reply: FastifyReply, limits: HttpLimits) {
  const length = part.end - part.start + 1;
  try {
    if (length <= ONE_READ_BYTES) return readPart(output.path, part.start, length);
    const handle = await open(output.path);
    cutSlowReader(reply, length, limits);
    return handle.createReadStream({ ...part, highWaterMark: 256 * 1024 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw missing(error);
    throw error;
  }
}

const missing = (cause?: unknown): InfluxionError =>
  new InfluxionError(
    'OUTPUT_MISSING',
    'The document of this job is no longer in the data folder.',
    {},
    cause,
  );

function readPart(path: string, position: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(file, buffer, filled, length - filled, position + filled);
      if (count === 0) throw missing();
      filled += count;
    }
    return buffer;
  } finally {
    closeSync(file);
  }
}

/** A reader that takes a byte now and then would hold the file and the connection for ever. */
function cutSlowReader(reply: FastifyReply, length: number, limits: HttpLimits): void {
  const budgetMs = limits.downloadGraceMs + (length / limits.downloadBytesPerSecond) * 1000;
  const timer = setTimeout(() => reply.raw.destroy(), budgetMs);
  reply.raw.once('close', () => clearTimeout(timer));
}
