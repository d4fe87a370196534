/** From what a worker sent back to a document: checked against what it says of itself, whoever made it. */
import { createHash, hash } from 'node:crypto';
import { InfluxionError } from '../../../error.ts';
import type { PipelineResult } from '../../../jobs/pipeline.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { TransportJob } from '../../transport.ts';
import { errorOfFailure, GeneratePdfResult } from '../generate-pdf.ts';
import type { TaskResult } from '../result-message.ts';

export interface RemoteDocument {
  readonly pdf: PipelineResult['pdf'];
  /** What it says of the document, without the document. */
  readonly facts: GeneratePdfResult;
}

/** Errors: that of the worker, JOB_CANCELLED when it was revoked there, RESULT_INVALID, BLOB_UNREACHABLE. */
export async function remoteDocument(
  { status, result }: TaskResult,
  job: TransportJob,
  blobs: BlobStore,
): Promise<RemoteDocument> {
  if (status === 'REVOKED') {
    throw new InfluxionError('JOB_CANCELLED', 'The job was revoked on its worker.');
  }
  if (status !== 'SUCCESS') {
    const { error, stage } = errorOfFailure(result);
    job.onStage(stage);
    throw error;
  }
  const parsed = GeneratePdfResult.safeParse(result);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`);
  }
  const { pdf } = parsed.data;
  const facts = { ...parsed.data, pdf: null };
  if (pdf !== null) return { pdf: checkedBytes(Buffer.from(pdf, 'base64'), facts), facts };
  if (facts.url === null) throw invalid('it holds neither the document nor where it is');
  // Wherever the answer points, the document is only taken from where this host had it delivered.
  return { pdf: checkedPieces(await blobs.openUpload(job, job.signal), facts), facts };
}

type Claimed = Pick<GeneratePdfResult, 'size' | 'sha256'>;

function checkedBytes(bytes: Buffer, { size, sha256 }: Claimed): Buffer {
  if (bytes.length !== size || hash('sha256', bytes, 'hex') !== sha256) throw damaged();
  if (!isPdf(bytes)) throw invalid('it is no PDF');
  return bytes;
}

async function* checkedPieces(
  pieces: AsyncIterable<Uint8Array>,
  { size, sha256 }: Claimed,
): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  let seen = 0;
  for await (const piece of pieces) {
    if (seen === 0 && !isPdf(piece)) throw invalid('it is no PDF');
    seen += piece.length;
    if (seen > size) throw damaged();
    digest.update(piece);
    yield piece;
  }
  if (seen !== size || digest.digest('hex') !== sha256) throw damaged();
}

const isPdf = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';

const invalid = (why: string): InfluxionError =>
  new InfluxionError('RESULT_INVALID', `The worker's answer cannot be used: ${why}.`);

const damaged = (): InfluxionError =>
  invalid('the document is not the one that its size and SHA-256 belong to');
