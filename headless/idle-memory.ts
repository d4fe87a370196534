/**
 * Node keeps the heap of a busy hour for as long as nothing asks for it back. A host that has become idle gives it back
 * once, so that the desktop it runs on has it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 10_000;
/** As long as idle browsers are kept: what this collection takes is also compiled code, which the next job would miss. */
const QUIET_LOOKS = 3;

type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/** The collector of V8, which Node hands out only by this flag (https://nodejs.org/api/v8.html#v8setflagsfromstringflags). */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}

interface Jobs {
  counts(): {
    readonly received: number;
    readonly inProgress: number;
    readonly done: number;
    readonly error: number;
  };
}

/** Prints that are no jobs: previews, of which a day in the studio has thousands. */
interface Engine {
  status(): { readonly busyPages: number; readonly printed: number };
}

/** Looks every ten seconds, until disposed, whether there was work and has been none for half a minute. */
export function giveMemoryBackWhenIdle(
  jobs: Jobs,
  engine: Engine,
  collect: Collect = collector(),
): () => void {
  let seen = ended(jobs, engine);
  let collected = seen;
  let quietLooks = 0;
  const timer = setInterval(() => {
    const { received, inProgress } = jobs.counts();
    const now = ended(jobs, engine);
    const quiet = received + inProgress + engine.status().busyPages === 0 && now === seen;
    seen = now;
    quietLooks = quiet ? quietLooks + 1 : 0;
    if (quietLooks < QUIET_LOOKS || now === collected) return;
    collected = now;
    collect({ type: 'major', flavor: 'last-resort' });
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

/** Grows with every job that ends, here or on a worker, and with every print. */
function ended(jobs: Jobs, engine: Engine): number {
  const { done, error } = jobs.counts();
  return done + error + engine.status().printed;
}
