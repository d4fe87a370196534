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

interface Work {
  counts(): {
    readonly received: number;
    readonly inProgress: number;
    readonly done: number;
    readonly error: number;
  };
}

/** Looks every ten seconds, until disposed, whether there was work and has been none for half a minute. */
export function giveMemoryBackWhenIdle(work: Work): () => void {
  const collect = collector();
  let seen = ended(work);
  let collected = seen;
  let quietLooks = 0;
  const timer = setInterval(() => {
    const { received, inProgress } = work.counts();
    const now = ended(work);
    const quiet = received + inProgress === 0 && now === seen;
    seen = now;
    quietLooks = quiet ? quietLooks + 1 : 0;
    if (quietLooks < QUIET_LOOKS || now === collected) return;
    collected = now;
    collect({ type: 'major', flavor: 'last-resort' });
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

/** Grows with every job that ends. */
function ended(work: Work): number {
  const { done, error } = work.counts();
  return done + error;
}
