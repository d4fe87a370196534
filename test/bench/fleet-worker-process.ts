/** A worker whose documents cost nothing: what is left is the way over the broker. Arguments: URL of the broker. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScratch } from '../../core/pdf/finish/scratch.ts';
import { systemClock } from '../../core/ports.ts';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import { createPerformer } from '../../core/transport/celery/worker/perform.ts';
import { startCeleryWorker } from '../../core/transport/celery/worker/worker.ts';
import { silentLogger } from './silent-logger.ts';
import { stubDocument } from './stub-document.ts';

const never = (): never => {
  throw new Error('The documents are small');
};

await startCeleryWorker({
  address: parseBrokerUrl(process.argv[2] ?? ''),
  queue: { name: 'celery', type: 'classic' },
  hostname: `bench-${process.pid}@here`,
  version: 'bench',
  concurrency: 4,
  limits: { hardMs: 60_000, softMs: undefined },
  perform: createPerformer({
    run: stubDocument,
    blobs: { read: never, write: never },
    openScratch: () => openScratch(join(tmpdir(), `influxion-bench-worker-${process.pid}`)),
    ranOn: { host: 'bench', version: 'bench' },
  }),
  clock: systemClock,
  logger: silentLogger,
  stopAsked: () => process.exit(0),
  changed(state) {
    if (state === 'open') console.log('ready');
  },
});
