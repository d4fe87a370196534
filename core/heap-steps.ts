import { performance, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * V8 takes the next step of a heap by what survived. Where 20 MB live and every document passes through as strings of
 * megabytes, that is a full collection a document, a fifth of what the host costs beside Chromium. A heap that may grow
 * to twice what lives is collected far less often, and stays as flat.
 */
const GROWING_PERCENT = 100;
const LOOK_MS = 5_000;
/** Part of the time in which the event loop had work; below this nobody waits for a collection. */
const IDLE = 0.1;
/** Bytes beyond what the last collection left that are worth one. */
const WORTH = 32 * 1024 * 1024;

/**
 * MB of each half of what is new. V8 lets it grow to 64, so that a busy host holds 100 MB that are nearly all garbage, and gains
 * nothing measurable over 16. Heaps of threads begin with the least: the growth factor is one for all of the process, so that
 * they grow no more once this isolate has reached the most.
 */
const MOST_NEW_MB = 16;
const LEAST_NEW_MB = 4;

/**
 * For this isolate and those of workers made from now on. Buffers count like other memory towards the next collection: by
 * V8's older rule every 32 MB of them are a collection, however quickly they come and go, and a report takes 10 MB. What then
 * lies there when the work is done is collected once nothing happens.
 */
export function growHeapsInLargeSteps(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  keepNewSpaceSmall();
  collectWhenIdle();
}

/** Of threads by their limit. That of this isolate was set before any of our code ran, so it is told not to grow any more. */
function keepNewSpaceSmall(): void {
  setFlagsFromString(`--max-semi-space-size=${MOST_NEW_MB}`);
  setFlagsFromString(`--min-semi-space-size=${LEAST_NEW_MB}`);
  let grows = true;
  new PerformanceObserver(() => {
    const bytes = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
    const mayGrow = bytes < 2 * MOST_NEW_MB * 1024 * 1024;
    if (mayGrow === grows) return;
    grows = mayGrow;
    setFlagsFromString(`--semi-space-growth-factor=${grows ? 2 : 1}`);
  }).observe({ entryTypes: ['gc'] });
}

type Collect = (options: { readonly type: 'major'; readonly execution: 'async' }) => Promise<void>;

function collectWhenIdle(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  let last = performance.eventLoopUtilization();
  let settled = 0;
  const look = async (): Promise<void> => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    settled = Math.min(settled, heldBytes());
    if (utilization > IDLE || heldBytes() < settled + WORTH) return;
    await collect({ type: 'major', execution: 'async' });
    settled = heldBytes();
  };
  setInterval(() => void look(), LOOK_MS).unref();
}

function heldBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
