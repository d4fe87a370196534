import { cpuSeconds } from './process-tree.ts';
import { percentile } from './statistics.ts';

export interface Measured {
  readonly docsPerSecond: number;
  /** CPU milliseconds a document of the process trees. */
  readonly cpuMs: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Times one run of `count` documents and the CPU of the trees below `roots` during it. */
export async function measure(
  roots: readonly number[],
  count: number,
  run: () => Promise<number[]>,
): Promise<Measured> {
  const cpuBefore = cpuSeconds(roots);
  const started = performance.now();
  const latencies = await run();
  const seconds = (performance.now() - started) / 1000;
  return {
    docsPerSecond: count / seconds,
    cpuMs: ((cpuSeconds(roots) - cpuBefore) / count) * 1000,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
  };
}
