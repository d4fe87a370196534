/** Files and rows are brought together again, both ways, after whatever ended the last process. */
import { setImmediate as breath } from 'node:timers/promises';
import type { Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { JobListing } from '../store/job-listing.ts';
import type { JobRepository } from '../store/job-repository.ts';
import type { AttemptKey, OutputShard, OutputStore } from './output-store.ts';
import type { PayloadStore } from './payload-store.ts';

export interface GarbageDeps {
  readonly db: Db;
  readonly jobs: JobRepository;
  readonly listing: JobListing;
  readonly outputs: OutputStore;
  readonly payloads: PayloadStore;
  readonly logger: Logger;
  /** Whether an attempt of this process may be about to commit that document. */
  isRunning(key: AttemptKey): boolean;
}

export interface GarbageFound {
  /** Files that no row knows. */
  readonly strays: number;
  /** Documents whose file is gone. */
  readonly missing: number;
}

const SHARD_JOBS = 1_000;

export async function collectGarbage(deps: GarbageDeps, signal: AbortSignal): Promise<GarbageFound> {
  let strays = 0;
  let missing = 0;
  const seen = new Set<number>();
  for await (const shard of deps.outputs.shards()) {
    if (signal.aborted) break;
    seen.add(shard.firstId);
    strays += await removeStrays(deps, shard);
    missing += await markMissing(deps, shard.firstId, new Set(shard.documents.map(({ id }) => id)));
    // Requests and jobs come first, however many documents there are.
    await breath();
  }
  if (!signal.aborted) missing += await markMissingShards(deps, seen);
  if (!signal.aborted) strays += await removeStrayPayloads(deps);
  if (strays + missing > 0) deps.logger.info({ strays, missing }, 'brought documents and rows together');
  return { strays, missing };
}

async function removeStrays(deps: GarbageDeps, shard: OutputShard): Promise<number> {
  let removed = 0;
  for (const name of shard.strays) {
    await shard.removeStray(name);
    removed += 1;
  }
  const known = new Map(expectedDocuments(deps, shard.firstId).map(({ id, attempt }) => [id, attempt]));
  for (const key of shard.documents) {
    if (known.get(key.id) === key.attempt || isWanted(deps, key)) continue;
    await deps.outputs.remove(key);
    removed += 1;
  }
  return removed;
}

/** Asked anew: the attempt may have ended since the documents of the shard were listed. */
function isWanted(deps: GarbageDeps, key: AttemptKey): boolean {
  if (deps.isRunning(key)) return true;
  const row = deps.jobs.get(key.id);
  return row?.status === 'Done' && row.attempt === key.attempt;
}

function expectedDocuments({ listing }: GarbageDeps, firstId: number): AttemptKey[] {
  return listing.documents(firstId, firstId + SHARD_JOBS - 1);
}

async function markMissing(
  deps: GarbageDeps,
  firstId: number,
  present: ReadonlySet<number>,
): Promise<number> {
  const missing = expectedDocuments(deps, firstId)
    // A job may have ended since the folder was read.
    .filter((key) => !present.has(key.id) && deps.outputs.size(key) === undefined);
  if (missing.length > 0) {
    await deps.db.write(() => {
      for (const { id } of missing) deps.jobs.markOutputMissing(id);
    });
  }
  return missing.length;
}

/** Documents whose whole folder is gone. */
async function markMissingShards(deps: GarbageDeps, seen: ReadonlySet<number>): Promise<number> {
  let missing = 0;
  for (const firstId of deps.listing.documentShards(SHARD_JOBS)) {
    if (!seen.has(firstId)) missing += await markMissing(deps, firstId, new Set());
  }
  return missing;
}

async function removeStrayPayloads(deps: GarbageDeps): Promise<number> {
  const names = await deps.payloads.names();
  const known = new Set(deps.listing.payloadFiles());
  const strays = names.filter((name) => !known.has(name) && !deps.payloads.isArriving(name));
  for (const name of strays) await deps.payloads.remove(name);
  return strays.length;
}
