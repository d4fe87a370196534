/** The entry of a PDF worker. */
import { parentPort } from 'node:worker_threads';
import { InfluxionError } from '../../error.ts';
import { finishPdf } from '../finish/finish.ts';
import type { PdfTask, TaskReply } from './pdf-task.ts';

const port = parentPort;
if (!port) throw new Error('pdf-worker is started as a worker thread only');

async function answer(task: PdfTask): Promise<TaskReply> {
  try {
    return { kind: 'done', result: await run(task) };
  } catch (error) {
    const { code, message, details, cause } = InfluxionError.from(error);
    const stack = code === 'INTERNAL' && cause instanceof Error ? cause.stack : undefined;
    return { kind: 'failed', code, message, details, stack };
  }
}

async function run({ kind, task }: PdfTask) {
  switch (kind) {
    case 'finish':
      return finishPdf(task);
    case 'verify':
      throw new Error('not yet');
  }
}

port.on('message', (task: PdfTask) => {
  void answer(task).then((reply) => port.postMessage(reply));
});
