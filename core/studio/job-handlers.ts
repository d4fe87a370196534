/** Jobs for the studio, whose user is the owner and sees all of them. */
import { readFile } from 'node:fs/promises';
import type { GenerateRequest } from '../../contract/job.ts';
import type { JobFilter } from '../../contract/studio/jobs.ts';
import { InfluxionError } from '../error.ts';
import { jobNotFound } from '../jobs/job-errors.ts';
import type { Caller, OpenedOutput } from '../jobs/job-service.ts';
import type { OwnedJob } from '../jobs/job-reader.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Clock } from '../ports.ts';
import type { BrowseFilter } from '../store/job-browse.ts';
import { forEachJob } from './job-bulk.ts';
import { toJobRow, type ClientNames } from './job-row.ts';
import type { StudioHandlers } from './router.ts';
import { MOST_DOWNLOAD_BYTES, refuseTooLarge, zipDocuments } from './zip-download.ts';

/** The owner at this computer. */
export const STUDIO_CALLER: Caller = { clientId: 'studio', admin: true };

export interface JobHandlerDeps {
  readonly queue: JobQueue;
  readonly clientNames: () => ClientNames;
  readonly clock: Clock;
  /** Bytes of documents in one download; default 256 MB. */
  readonly mostDownloadBytes?: number;
}

type JobHandlers = Pick<
  StudioHandlers,
  | 'jobs.list'
  | 'jobs.get'
  | 'jobs.inputs'
  | 'jobs.submit'
  | 'jobs.cancel'
  | 'jobs.retry'
  | 'jobs.remove'
  | 'jobs.download'
  | 'jobs.download_zip'
>;

export function createJobHandlers(deps: JobHandlerDeps): JobHandlers {
  const { queue, clientNames, clock, mostDownloadBytes = MOST_DOWNLOAD_BYTES } = deps;

  const find = (id: number): OwnedJob => {
    const found = queue.find(id);
    if (found === undefined) throw jobNotFound(id);
    return found;
  };

  return {
    'jobs.list': ({ filter, offset, limit }) => {
      const { jobs, total } = queue.browse(toBrowseFilter(filter), offset, limit);
      const { received, inProgress, done, error } = queue.counts();
      const names = clientNames();
      return {
        jobs: jobs.map((each) => toJobRow(each, names)),
        total,
        counts: { received, in_progress: inProgress, done, error },
      };
    },

    'jobs.get': ({ id }) => {
      const { job, clientId } = find(id);
      const states = queue.history(id, STUDIO_CALLER).map(({ status, at, attempt, code }) => ({
        status,
        at: new Date(at).toISOString(),
        attempt,
        code,
      }));
      return { job, client_id: clientId, client_name: clientNames().get(clientId) ?? clientId, states };
    },

    'jobs.inputs': async ({ id }) => withoutAssets(await queue.inputs(id)),

    'jobs.submit': async ({ request }) => {
      const { id } = await queue.submit(request, { caller: STUDIO_CALLER });
      return { id };
    },

    'jobs.cancel': ({ ids }) => forEachJob(ids, (id) => queue.cancel(id)),
    'jobs.retry': ({ ids }) => forEachJob(ids, (id) => queue.retry(id, STUDIO_CALLER)),
    'jobs.remove': ({ ids }) => forEachJob(ids, (id) => queue.remove(id)),

    'jobs.download': async ({ id }) => {
      const { path, size, filename } = queue.openOutput(id, STUDIO_CALLER);
      refuseTooLarge(size, mostDownloadBytes);
      return { filename, bytes: await readFile(path) };
    },

    'jobs.download_zip': async ({ ids }, { signal }) => {
      const documents: OpenedOutput[] = [];
      const { refused } = await forEachJob(ids, (id) =>
        // In a promise, so that what it throws is the outcome of this job alone.
        Promise.resolve().then(() => documents.push(queue.openOutput(id, STUDIO_CALLER))),
      );
      const [only] = refused;
      if (documents.length === 0 && only !== undefined) throw noDocuments(refused.length, only.reason);
      refuseTooLarge(
        documents.reduce((sum, { size }) => sum + size, 0),
        mostDownloadBytes,
      );
      const bytes = await zipDocuments(documents, signal);
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return { filename: `documents-${day}.zip`, bytes, refused };
    },
  };
}

const noDocuments = (jobs: number, reason: string): InfluxionError =>
  new InfluxionError(
    'JOB_NOT_READY',
    jobs === 1 ? reason : `None of the ${jobs} jobs has a document. The first: ${reason}`,
  );

function toBrowseFilter({ status, template_id, search }: JobFilter): BrowseFilter {
  return {
    ...(status !== undefined && { status }),
    ...(template_id !== undefined && { templateId: template_id }),
    ...(search !== undefined && { search: search.trim() }),
  };
}

/** The page shows what an asset is, not what is in it. */
function withoutAssets({ assets, ...request }: GenerateRequest): {
  request: GenerateRequest;
  assets: { path: string; size: number }[];
} {
  const sizes = Object.entries(assets ?? {}).map(([path, base64]) => ({
    path,
    size: Buffer.byteLength(base64, 'base64'),
  }));
  return { request, assets: sizes };
}
