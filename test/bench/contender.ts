/** A way to print that is measured: a process of its own, told what to do over Node's IPC channel. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

interface Task {
  readonly document: string;
  readonly count: number;
  /** How many documents are asked for at once. */
  readonly clients: number;
  /** The floor prints with structure tags. */
  readonly tagged?: boolean;
}

type Answer = { readonly latencies: number[] } | { readonly error: string } | 'ready';

export type Run = (task: Task) => Promise<number[]>;

/** The side of the child: says that it is ready, then serves one task after the other. */
export function serveTasks(run: Run): void {
  const answer = (message: Answer): void => void process.send?.(message);
  process.on('message', (task: Task) => {
    run(task).then(
      (latencies) => answer({ latencies }),
      (error: unknown) =>
        answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  answer('ready');
}

/** The side of the bench. */
export class Contender {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(script: string, args: readonly string[]): Promise<Contender> {
    const child = fork(script, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const left = once(child, 'exit').then(() => {
      throw new Error(`${script} left before it was ready`);
    });
    await Promise.race([once(child, 'message'), left]);
    left.catch(() => undefined); // from here on the bench ends it
    return new Contender(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async run(task: Task): Promise<number[]> {
    this.#child.send(task);
    const [answer] = (await once(this.#child, 'message')) as [Exclude<Answer, 'ready'>];
    if ('error' in answer) throw new Error(answer.error);
    return answer.latencies;
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}
