/**
 * A process that owns a data folder, submits jobs and runs them with a stand-in pipeline until it is killed.
 * Arguments: data folder, mode. Each line on stdout is one fact: `accepted 7`, `refused DISK_FULL`, `ended 7 Done 1`.
 *
 * - `load`: submits without end, runs with two slots; the parent kills it.
 * - `finish`: submits nothing, runs what is there, releases the folder and exits.
 * - `stall`: without ownership, submits one job, says `running`, and ends it 300 ms after the parent lets it go on.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../../core/error.ts';
import { acquireOwnership } from '../../core/store/owner-lock.ts';
import { openWorld, pdfOf, resultOf, type JobWorld } from './job-world.ts';

const [folder = '', mode = 'load'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  const pdf = pdfOf(text);
  for (let at = 0; at < pdf.byteLength; at += 64) {
    await new Promise(setImmediate);
    yield pdf.subarray(at, at + 64);
  }
}

async function load(world: JobWorld): Promise<never> {
  for (let n = 0; ; n += 1) {
    // Some are large enough for a payload file, some go with a key.
    const text = n % 7 === 0 ? 'x'.repeat(300_000) : `job ${n}`;
    try {
      say(`accepted ${await world.submit(text, n % 3 === 0 ? { priority: 3 } : {})}`);
    } catch (error) {
      say(`refused ${InfluxionError.from(error).code}`);
      await sleep(20);
    }
    if (world.queue.counts().received > 20) await sleep(5);
  }
}

async function finish(world: JobWorld): Promise<void> {
  const busy = (): boolean => {
    const { received, inProgress } = world.queue.counts();
    return received + inProgress > 0;
  };
  while (busy()) await sleep(5);
  await world.queue.maintain();
}

async function stall(): Promise<void> {
  const world = await openWorld({
    folder,
    limits: { leaseMs: 300 },
    run: async () => {
      say('running');
      await sleep(300);
      return resultOf('stale');
    },
  });
  const id = await world.submit('stalled');
  say(`accepted ${id}`);
  const job = await world.ended(id);
  say(`ended ${id} ${job.status} ${job.attempt}`);
  await world.close();
  say('closed');
}

if (mode === 'stall') {
  await stall();
} else {
  const ownership = await acquireOwnership({ data: folder });
  mkdirSync(join(folder, 'output'), { recursive: true });
  const world = await openWorld({
    folder,
    concurrency: 2,
    // Nothing here is poison, however often the process is killed.
    retry: { poisonAttempts: 1_000 },
    run: async (request, { onStage }) => {
      onStage('render');
      await sleep(Math.random() * 4);
      onStage('print');
      const { text } = request.data as { text: string };
      const result = resultOf(text.slice(0, 100));
      return Math.random() < 0.3 ? { ...result, pdf: streamOf(text.slice(0, 100)) } : result;
    },
  });
  say('ready');
  if (mode === 'load') await load(world);
  await finish(world);
  await world.close();
  ownership.release();
  say('finished');
}
