/** Our worker in a process of its own, to be killed and stopped; only what prints is a stand-in that takes its time. */
import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunPipeline } from '../../core/jobs/pipeline.ts';
import { systemClock } from '../../core/ports.ts';
import { readBlob, writeBlob } from '../../core/transport/blobs/blob-client.ts';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import { createPerformer } from '../../core/transport/celery/worker/perform.ts';
import { startCeleryWorker } from '../../core/transport/celery/worker/worker.ts';
import { printText, silentLogger } from './job-world.ts';
import type { PrintlessOptions } from './printless-worker-process.ts';
import { CELERY_QUEUE } from './celery-host.ts';

const [, , brokerUrl = '', json = '{}'] = process.argv;
const { queue = CELERY_QUEUE, concurrency = 8, isHeld = false } = JSON.parse(json) as PrintlessOptions;
const name = `printless-${process.pid}@${hostname()}`;
const released = new Promise<void>((resolve) => process.once('message', () => resolve()));

/** Up to 40 ms, always the same for the same document. */
const tookMs = (text: string): number => hash('sha256', text, 'buffer').readUInt8() % 40;

const run: RunPipeline = async (request, context) => {
  const { text } = request.data as { readonly text: string };
  await (isHeld ? released : sleep(tookMs(text)));
  return printText(request, context);
};

await startCeleryWorker({
  address: parseBrokerUrl(brokerUrl),
  queue,
  hostname: name,
  version: '1.2.3',
  concurrency,
  limits: { hardMs: 600_000, softMs: undefined },
  perform: createPerformer({
    run,
    blobs: { read: readBlob, write: writeBlob },
    openScratch: () => Promise.reject(new Error('Nothing here is that large')),
    ranOn: { host: name, version: '1.2.3' },
  }),
  clock: systemClock,
  logger: silentLogger,
  stopAsked: () => process.exit(),
  changed(state) {
    if (state === 'open') process.send?.({ name });
  },
});
