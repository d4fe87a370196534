/**
 * One-page invoices from a CSV file into a folder, by `influxion batch` through a host that serves: against the floor, how
 * flat the memory of the tree is, and how long somebody waits who wants one document meanwhile.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Contender } from './contender.ts';
import { loadBenchDocument } from './documents/index.ts';
import { COMMAND, HostProcess } from './host-process.ts';
import { memoryBytes } from './process-tree.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';
import { median, percentile } from './statistics.ts';

const QUICK = 1_000;
const LONG = 10_000;
/** Documents after which the memory has to stay where it is. */
const WARM = 500;
const SINGLES = 40;
const PAUSE_MS = 150;
const LOOK_MS = 1_000;
/** In which the memory is averaged: pages of the browser grow and are cleaned some times a second. */
const PARTS = 5;
const TEMPLATE = join(import.meta.dirname, 'documents/invoice');

function* cellsOf(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) {
    yield [path, typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)];
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* cellsOf(inner, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  }
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function writeRows(path: string, count: number): Promise<void> {
  const { data } = await loadBenchDocument('invoice');
  const cells = [...cellsOf(data, '')];
  const lines = [['row', ...cells.map(([name]) => name)].map(quoted).join(',')];
  const rest = cells.map(([, value]) => quoted(value)).join(',');
  for (let row = 1; row <= count; row += 1) lines.push(`${row},${rest}`);
  await writeFile(path, lines.join('\n'));
}

interface Run {
  readonly docsPerSecond: number;
  /** Of the tree, every second after the first documents. */
  readonly memory: readonly number[];
}

async function runBatch(host: HostProcess, rows: string, count: number): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-batch-'));
  const args = ['batch', TEMPLATE, '--rows', rows, '-o', folder, '--name', '{{row}}.pdf', '--json', '-q'];
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: host.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const memory: number[] = [];
  const watch = async (): Promise<void> => {
    while (child.exitCode === null) {
      await sleep(LOOK_MS);
      if ((await readdir(folder)).length > WARM) memory.push(memoryBytes([host.pid]));
    }
  };
  await Promise.all([once(child, 'close'), watch()]);
  const batch = JSON.parse(output) as {
    rows: { done: number };
    started_at: string;
    ended_at: string;
  };
  const made = (await readdir(folder)).filter((name) => name.endsWith('.pdf')).length;
  await rm(folder, { recursive: true, force: true });
  if (batch.rows.done !== count || made !== count)
    throw new Error(`The batch made ${made} of ${count} documents`);
  const seconds = (Date.parse(batch.ended_at) - Date.parse(batch.started_at)) / 1000;
  return { docsPerSecond: count / seconds, memory };
}

async function singles(host: HostProcess, body: string, until: () => boolean): Promise<number[]> {
  const latencies: number[] = [];
  while (!until()) {
    latencies.push(...(await host.client.run(body, 1, 1)));
    await sleep(PAUSE_MS);
  }
  return latencies;
}

function meansOf(memory: readonly number[]): number[] {
  const length = Math.ceil(memory.length / PARTS);
  return Array.from({ length: PARTS }, (_, part) => memory.slice(part * length, (part + 1) * length))
    .filter((part) => part.length > 0)
    .map((part) => part.reduce((sum, bytes) => sum + bytes, 0) / part.length);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
const signed = (percent: number): string => `${percent >= 0 ? '+' : ''}${percent.toFixed(1)}`;

export async function measureBatch(rounds: number, long: boolean): Promise<Fact[]> {
  const count = long ? LONG : QUICK;
  const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-rows-'));
  const rows = join(folder, 'rows.csv');
  await writeRows(rows, count);
  const floor = await Contender.start(join(import.meta.dirname, 'floor-process.ts'), []);
  const host = await HostProcess.start();
  const body = await requestBody('invoice');
  try {
    await floor.run({ document: 'invoice', count: 100, clients: 2, tagged: false });
    await host.client.run(body, 100, 5);
    const ratios: number[] = [];
    const floors: number[] = [];
    const products: number[] = [];
    let last: Run | undefined;
    for (let round = 0; round < (long ? 1 : rounds); round += 1) {
      const before = performance.now();
      const floorCount = Math.min(count, QUICK);
      await floor.run({ document: 'invoice', count: floorCount, clients: 2, tagged: false });
      const floorRate = floorCount / ((performance.now() - before) / 1000);
      last = await runBatch(host, rows, count);
      floors.push(floorRate);
      products.push(last.docsPerSecond);
      ratios.push(last.docsPerSecond / floorRate);
    }
    let asked = 0;
    const idle = await singles(host, body, () => (asked += 1) > SINGLES);
    let isOver = false;
    const saturating = runBatch(host, rows, count).finally(() => (isOver = true));
    const busy = await singles(host, body, () => isOver);
    await saturating;
    const [idle95, busy95] = [percentile(idle, 0.95), percentile(busy, 0.95)];
    const memory = last?.memory ?? [];
    const [first = 0, ...others] = meansOf(memory);
    const drifts = others.map((mean) => (mean / first - 1) * 100);
    return [
      {
        what: `batch: ${count} one-page invoices from CSV into a folder, documents a second`,
        figure: `${median(products).toFixed(1)} (**${median(ratios).toFixed(2)}** × floor)`,
        floor: median(floors).toFixed(1),
      },
      {
        what: `memory of the tree (PSS) after ${WARM} documents, means of a fifth of the rest each: the first, and how far the others are from it; the least and the most of all looks`,
        figure: `${megabytes(first)} MB, ${drifts.map(signed).join(', ')} %; ${megabytes(Math.min(...memory))}–${megabytes(Math.max(...memory))} MB`,
      },
      {
        what: 'a single invoice over HTTP, p95: idle, and while a batch saturates the machine',
        figure: `${idle95.toFixed(0)} ms, ${busy95.toFixed(0)} ms (**${(busy95 / idle95).toFixed(1)}** ×; ${busy.length} of them)`,
      },
    ];
  } finally {
    await Promise.all([floor.close(), host.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
