/** The entry of a PDF worker. */
import { parentPort } from 'node:worker_threads';
import { InfluxionError } from '../../error.ts';
import { mergePdfs } from '../assembly/merge.ts';
import { comparePdfs } from '../assembly/compare/compare.ts';
import { splitPdf } from '../assembly/split/split.ts';
import { finishPdf } from '../finish/finish.ts';
import { verifyPdf } from '../verify/verify-pdf.ts';
import type { PdfTask, TaskKind, TaskReply, TaskResult, WorkerMessage } from './pdf-task.ts';

const port = parentPort;
if (!port) throw new Error('pdf-worker is started as a worker thread only');

/** Of the task that waits for the value of its signature. */
let signed: PromiseWithResolvers<Uint8Array> | undefined;

const send = (reply: TaskReply): void => port.postMessage(reply);

function run({ kind, task }: PdfTask): Promise<TaskResult<TaskKind>> | TaskResult<TaskKind> {
  switch (kind) {
    case 'compare':
      return comparePdfs(task);
    case 'finish':
      return finishPdf(task, {
        sign(data, hash) {
          signed = Promise.withResolvers();
          send({ kind: 'sign', data, hash });
          return signed.promise;
        },
      });
    case 'merge':
      return mergePdfs(task, (done, of) => send({ kind: 'progress', done, of }));
    case 'split':
      return splitPdf(task);
    case 'verify':
      return verifyPdf(task);
  }
}

async function answer(job: PdfTask): Promise<TaskReply> {
  try {
    return { kind: 'done', result: await run(job) };
  } catch (error) {
    const { code, message, details, cause } = InfluxionError.from(error);
    const stack = code === 'INTERNAL' && cause instanceof Error ? cause.stack : undefined;
    return { kind: 'failed', code, message, details, stack };
  }
}

port.on('message', (message: WorkerMessage) => {
  if (message.kind === 'task') void answer(message.job).then(send);
  else if (message.value === undefined) signed?.reject(new Error('Nobody signs for this task'));
  else signed?.resolve(message.value);
});

send({ kind: 'ready' });
