import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TaskQueue } from '../../core/transport/celery/topology.ts';

export interface PrintlessOptions {
  /** Default: as Celery declares its own. */
  readonly queue?: TaskQueue;
  /** Default 8. */
  readonly concurrency?: number;
  /** Whether it ends no task before `release`. */
  readonly isHeld?: boolean;
}

export interface PrintlessWorker extends AsyncDisposable {
  /** Of the node. */
  readonly name: string;
  signal(name: NodeJS.Signals): void;
  release(): void;
  /** As by a loss of power. */
  kill(): Promise<void>;
}

/** A worker of ours that prints nothing: each document says the text of its data. Resolves when it takes tasks. */
export async function startPrintlessWorker(
  brokerUrl: string,
  options: PrintlessOptions = {},
): Promise<PrintlessWorker> {
  const entry = join(import.meta.dirname, 'printless-worker.ts');
  const child = fork(entry, [brokerUrl, JSON.stringify(options)]);
  const ended = once(child, 'exit');
  const early = ended.then(([code]) => {
    throw new Error(`The worker ended with ${String(code)} before it was ready`);
  });
  const [{ name }] = (await Promise.race([once(child, 'message'), early])) as [{ readonly name: string }];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    name,
    signal: (signal) => void child.kill(signal),
    release: () => void child.send('release'),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
