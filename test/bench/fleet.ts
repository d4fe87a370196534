/**
 * Workers behind a broker against the host alone: throughput by number of workers, what the way over the broker costs a job,
 * and how long a request takes to be accepted meanwhile. The broker, the host, the client and the workers share the machine.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCeleryHost } from '../support/celery-host.ts';
import { openWorld, type JobWorld } from '../support/job-world.ts';
import { hasRabbitMq, startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { createCpuShare } from './cpu-share.ts';
import { benchCache } from './floor-browser.ts';
import { COMMAND, HostProcess } from './host-process.ts';
import { cpuSeconds } from './process-tree.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';
import { percentile } from './statistics.ts';
import { stubDocument } from './stub-document.ts';

/** Requests that are under way at once: more than all workers take. */
const CLIENTS = 40;

interface Run {
  readonly count: number;
  /** Documents before them: V8 compiles for some 800, in a host and a worker twice as much as in a host alone. */
  readonly warmUp: number;
}

/** `long`: 2,000 documents a run, by hosts and workers that have run for a while, instead of 300 by new ones. */
export async function measureFleet(long: boolean): Promise<Fact[]> {
  if (!hasRabbitMq) return [{ what: 'fleet', figure: 'RabbitMQ is not installed' }];
  const run: Run = long ? { count: 2_000, warmUp: 1_000 } : { count: 300, warmUp: 20 };
  const facts: Fact[] = [];
  const added = await measureOverhead(2_000);
  facts.push({
    what: 'CPU a job that the broker adds, without printing: API host + worker',
    figure: `${added.hostMs.toFixed(2)} + ${added.workerMs.toFixed(2)} ms`,
  });

  const local = await throughput(run, []);
  facts.push({
    what: `local, ${run.count} invoices of one page after ${run.warmUp}`,
    figure: `${local.docsPerSecond.toFixed(1)} docs/s`,
  });
  const fleets: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    ['one worker, both cores', [[]]],
    ['one worker, pinned to a core', [pin(0)]],
    ['two workers, a core each', [pin(0), pin(1)]],
    ['three workers on two cores', [pin(0), pin(1), []]],
  ];
  let pinned = Number.NaN;
  for (const [name, workers] of fleets) {
    const { docsPerSecond, accept } = await throughput(run, workers);
    if (name.includes('pinned')) pinned = docsPerSecond;
    const ratio =
      workers.length === 1 && workers[0]?.length === 0
        ? `, ${(docsPerSecond / local.docsPerSecond).toFixed(2)} of local`
        : workers.length === 2
          ? `, ${(docsPerSecond / pinned).toFixed(2)} × one pinned`
          : '';
    facts.push({
      what: `${name}; accept (202) meanwhile, p50 / p99`,
      figure: `${docsPerSecond.toFixed(1)} docs/s${ratio}; ${percentile(accept, 0.5).toFixed(1)} / ${percentile(accept, 0.99).toFixed(1)} ms`,
    });
  }
  return [...facts, ...(await measureSmallMachines(run))];
}

/** So little that three workers leave enough of two cores to host, broker and client, which no worker's machine has to carry. */
const SMALL_CORES = 0.4;

/**
 * Workers that cannot take CPU from each other, from host, broker or client: what the way over the broker makes of each one more.
 * Two that have a core each to themselves leave nothing of two cores to the others, which take a third of one.
 */
async function measureSmallMachines(run: Run): Promise<Fact[]> {
  const facts: Fact[] = [];
  let one = Number.NaN;
  for (const workers of [1, 2, 3]) {
    await using stack = new AsyncDisposableStack();
    const prefixes: (readonly string[])[] = [];
    for (let worker = 0; worker < workers; worker += 1) {
      const share = createCpuShare(SMALL_CORES);
      if (share === undefined)
        return [{ what: 'workers with a part of a core', figure: 'no control groups' }];
      prefixes.push([...stack.use(share).prefix, ...pin(worker % availableParallelism())]);
    }
    const { docsPerSecond, accept } = await throughput(run, prefixes);
    if (workers === 1) one = docsPerSecond;
    facts.push({
      what: `${workers} × a worker that is pinned to a core and has ${SMALL_CORES} of it; accept (202) meanwhile, p50 / p99`,
      figure: `${docsPerSecond.toFixed(1)} docs/s, ${(docsPerSecond / one).toFixed(2)} ×; ${percentile(accept, 0.5).toFixed(1)} / ${percentile(accept, 0.99).toFixed(1)} ms`,
    });
  }
  return facts;
}

const pin = (core: number): string[] => ['taskset', '-c', String(core)];

/** `workers`: what each is started with; none is the host alone. */
async function throughput(
  { count, warmUp }: Run,
  workers: readonly (readonly string[])[],
): Promise<{ readonly docsPerSecond: number; readonly accept: readonly number[] }> {
  await using stack = new AsyncDisposableStack();
  const env: Record<string, string> = {};
  if (workers.length > 0) {
    const broker = stack.use(await startRabbitMq());
    Object.assign(env, { INFLUXION_USE_CELERY: '1', INFLUXION_CELERY_BROKER_URL: broker.url });
    for (const prefix of workers) stack.defer(ending(await startWorker(broker, prefix)));
  }
  const host = await HostProcess.start(env);
  stack.defer(() => host.stop());
  const body = await requestBody('invoice');
  await host.client.run(body, warmUp, CLIENTS);
  const accept: number[] = [];
  const started = performance.now();
  const running = host.client.run(body, count, CLIENTS);
  // Beside the clients, a request now and then, timed alone.
  const probes = (async () => {
    for (let index = 0; index < 100; index += 1) {
      accept.push((await host.client.accept(body)).ms);
      await sleep(40);
    }
  })();
  await running;
  const seconds = (performance.now() - started) / 1000;
  await probes;
  // The probes print, too; how many of them had their turn is not worth knowing better than this.
  const printed = count + Math.min(accept.length, Math.round((seconds * 1000) / 40));
  return { docsPerSecond: printed / seconds, accept };
}

async function startWorker(broker: TestBroker, prefix: readonly string[]): Promise<ChildProcess> {
  const [program, ...args] = [...prefix, process.execPath, COMMAND, 'worker', '--json'];
  const child = spawn(program, args, {
    env: { ...process.env, INFLUXION_CELERY_BROKER_URL: broker.url, INFLUXION_CACHE_DIR: benchCache },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

const ending = (child: ChildProcess) => async (): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

/** The same jobs with a document that costs nothing, by the queue alone and over a broker. */
async function measureOverhead(
  count: number,
): Promise<{ readonly hostMs: number; readonly workerMs: number }> {
  const run = async (world: JobWorld): Promise<number> => {
    await drainJobs(world, 200);
    const before = process.cpuUsage();
    await drainJobs(world, count);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / count;
  };
  let alone: number;
  {
    await using world = await openWorld({ run: stubDocument, concurrency: 4 });
    alone = await run(world);
  }
  await using broker = await startRabbitMq();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fleet-worker-process.ts'), broker.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  await using host = await openCeleryHost(broker.url);
  await host.until('ready');
  const pid = child.pid ?? 0;
  const before = cpuSeconds([pid]);
  const over = await run(host);
  // It also did those that warmed it up.
  const workerMs = ((cpuSeconds([pid]) - before) * 1000) / (count + 200);
  await ending(child)().catch(() => undefined);
  return { hostMs: over - alone, workerMs };
}

async function drainJobs(world: JobWorld, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (left-- > 0) await world.ended(await world.submit('bench'));
    }),
  );
}
