import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
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
 * For this isolate and those of workers made from now on. Buffers count like other memory towards the next collection: by
 * V8's older rule every 32 MB of them are a collection, however quickly they come and go, and a report takes 10 MB. What then
 * lies there when the work is done is collected once nothing happens.
 */
export function growHeapsInLargeSteps(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  collectWhenIdle();
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
