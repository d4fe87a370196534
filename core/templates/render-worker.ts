/** The entry of a render worker. */
import { parentPort, workerData } from 'node:worker_threads';
import { InfluxionError } from '../error.ts';
import { DocumentRenderer } from './render-document.ts';
import type { RenderJob, RenderLimits, WorkerReply } from './render-protocol.ts';

const port = parentPort;
if (!port) throw new Error('render-worker is started as a worker thread only');

const renderer = new DocumentRenderer(workerData as RenderLimits);

async function reply(job: RenderJob): Promise<WorkerReply> {
  try {
    return { kind: 'done', document: await renderer.render(job) };
  } catch (error) {
    const { code, message, details, cause } = InfluxionError.from(error);
    const stack = code === 'INTERNAL' && cause instanceof Error ? cause.stack : undefined;
    return { kind: 'failed', code, message, details, stack };
  }
}

port.on('message', (job: RenderJob) => {
  void reply(job).then((answer) => port.postMessage(answer));
});
port.postMessage({ kind: 'ready' } satisfies WorkerReply);
