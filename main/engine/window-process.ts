/** A hidden window with its renderer as what the pool prints on. */
import { app } from 'electron';
import type { PageProcess } from '../../core/pdf/pool/warm-slot.ts';
import { openWindowTarget, type WindowTarget } from './window-target.ts';

const KILOBYTE = 1024;

/** `name` is one of a fixed set and in use by no other process. */
export function createWindowProcess(name: string, onEnd: () => void): PageProcess {
  const targets = new Set<WindowTarget>();
  const left = Promise.withResolvers<string>();
  let isUsable = true;
  let isEnded = false;

  const giveUp = (reason: string): void => {
    if (!isUsable) return;
    isUsable = false;
    for (const target of targets) target.session.close(reason);
    left.resolve(reason);
  };

  const kill = (): Promise<void> => {
    giveUp('it was ended');
    for (const target of targets) target.destroy();
    targets.clear();
    if (!isEnded) onEnd();
    isEnded = true;
    return Promise.resolve();
  };

  return {
    product: `Chrome/${process.versions.chrome}`,
    startHint: 'Start Influxion again; if it stays, "Copy diagnostics" in the menu Help tells more.',
    get isUsable() {
      return isUsable;
    },
    left: left.promise,
    async openTarget(isolated) {
      // A document with scripts shares no renderer with any other.
      const target = await openWindowTarget(isolated ? `${name}-scripts` : name, giveUp);
      targets.add(target);
      if (!isUsable) {
        target.destroy();
        throw new Error('The window was ended while it opened');
      }
      return target;
    },
    memory() {
      const pids = new Set([...targets].map((target) => target.pid()));
      const own = app.getAppMetrics().filter(({ pid }) => pids.has(pid));
      const kilobytes = own.reduce(
        (sum, { memory }) => sum + (memory.privateBytes ?? memory.workingSetSize),
        0,
      );
      return Promise.resolve(kilobytes * KILOBYTE);
    },
    giveUp,
    kill,
  };
}
