/** Puts a browser that prints below the host and below who types beside it. */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** So that requests are answered, the store commits and keys appear while every core prints. */
const BROWSER_NICENESS = 10;

/** The kernel lets all that are not root change one of these in 100 ms, and says EAGAIN to the others (sched(7)). */
const AGAIN_MS = 120;
const TRIES = 10;

/** `pid` leads a session. Best effort: where the system allows no change, that costs nothing but speed. */
export function yieldToHost(pid: number): void {
  try {
    // Threads and children inherit it (setpriority(2)), so it must be set before there are any.
    os.setPriority(pid, BROWSER_NICENESS);
  } catch {
    // It has left already, which its exit tells, or it is not allowed.
  }
  if (process.platform === 'linux') void yieldSession(pid);
}

/**
 * Where Linux groups processes by session (`sched_autogroup_enabled`, most desktops), groups share the cores evenly and a
 * niceness counts inside its own: each browser leads a session, so two of them had two shares beside the one of the studio's
 * browser, however nice they were.
 */
async function yieldSession(pid: number): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    try {
      await writeFile(`/proc/${String(pid)}/autogroup`, String(BROWSER_NICENESS));
      return;
    } catch (error) {
      // Else the kernel has no such groups, or the browser has left.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
    await sleep(AGAIN_MS, undefined, { ref: false });
  }
}
