import type { RanOn } from '../../contract/job.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { RunPipeline } from '../jobs/pipeline.ts';
import type { Transport } from './transport.ts';

const LOCAL_STATUS: TransportStatus = {
  kind: 'local',
  out: 0,
  broker: null,
  workers: [],
  counts: { published: 0, results: 0, dropped: 0, lost: 0 },
};

/** Runs attempts in this process. `concurrency`: a few more than the engine prints at once keep it busy while others render and store. */
export function createLocalTransport(options: {
  readonly run: RunPipeline;
  readonly concurrency: number;
  readonly here: RanOn;
}): Transport {
  const { run, concurrency, here } = options;
  return {
    window: () => concurrency,
    status: () => LOCAL_STATUS,
    async run(job) {
      const request = await job.request();
      job.signal.throwIfAborted();
      job.onPlace(here);
      return run(request, job);
    },
  };
}
