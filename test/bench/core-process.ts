/** The core as a contender: queue, pipeline, engine and store in one process, without HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerateRequest } from '../../contract/job.ts';
import { growHeapsInLargeSteps } from '../../core/heap-steps.ts';
import { openInfluxion } from '../../core/influxion.ts';
import { systemClock } from '../../core/ports.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { hostPaths } from '../../headless/paths.ts';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import { serveTasks } from './contender.ts';
import { benchCache } from './floor-browser.ts';
import { requestBody } from './request-body.ts';
import { silentLogger } from './silent-logger.ts';

growHeapsInLargeSteps(); // as the hosts do

const CALLER = { clientId: 'bench', admin: false };
const data = await mkdtemp(join(tmpdir(), 'influxion-bench-core-'));
const paths = { ...hostPaths(data, process.env), cache: benchCache };
const engine = createCdpEngine({
  cacheDir: paths.cache,
  fontsDir: join(paths.assets, 'fonts'),
  concurrency: 2,
  logger: silentLogger,
});
const influxion = await openInfluxion({
  paths,
  engine,
  secrets: createFileSecretStore({ folder: paths.data }),
  logger: silentLogger,
  clock: systemClock,
  version: 'bench',
  pageFolder: paths.data,
  docsFolder: paths.data,
});
await influxion.start();

async function one(request: GenerateRequest, source: Buffer): Promise<void> {
  const { id } = await influxion.jobs.submit(request, { caller: CALLER, source });
  const job = await influxion.jobs.waitUntilEnded(id, CALLER, 120_000, new AbortController().signal);
  if (job.status !== 'Done') throw new Error(job.error ?? 'The job did not end.');
}

serveTasks(async ({ document, count, clients }) => {
  const source = Buffer.from(await requestBody(document));
  const request = JSON.parse(source.toString()) as GenerateRequest;
  const latencies: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) {
        const started = performance.now();
        await one(request, source);
        latencies.push(performance.now() - started);
      }
    }),
  );
  return latencies;
});

process.on('disconnect', () => {
  void influxion
    .close(5_000)
    .then(() => rm(data, { recursive: true, force: true }))
    .then(() => process.exit(0));
});
