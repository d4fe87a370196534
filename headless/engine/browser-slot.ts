/** A browser process as what the pool prints on. */
import { WarmSlot, type WarmSlotOptions } from '../../core/pdf/pool/warm-slot.ts';
import { BrowserProcess, type LaunchOptions } from './browser-process.ts';
import { openCdpTarget } from './cdp-target.ts';
import { ownMemory, sessionMembers, sessionMemory } from './process-facts.ts';

/** Rough looks at the memory between two counts of the processes. */
const LOOKS_PER_COUNT = 50;

/** Errors: those of `BrowserProcess.launch` and of `WarmSlot.start`. */
export async function startBrowserSlot(options: LaunchOptions & WarmSlotOptions): Promise<WarmSlot> {
  const process = await BrowserProcess.launch(options);
  const { connection, pid, product } = process;
  let looks = 0;
  let members: readonly number[] = [];
  return WarmSlot.start(
    {
      product,
      startHint: 'Run `influxion doctor`, or set INFLUXION_BROWSER to another browser.',
      get isUsable() {
        return !process.hasLeft && !connection.isClosed;
      },
      left: process.left.then(() => process.exit),
      openTarget: (isolated) => openCdpTarget(connection, isolated),
      async memory({ exact }) {
        if (exact) return sessionMemory(pid);
        if (looks % LOOKS_PER_COUNT === 0) members = (await sessionMembers(pid)).map((member) => member.pid);
        looks += 1;
        return ownMemory(members);
      },
      giveUp: (reason) => connection.close(reason),
      kill: () => process.kill(),
    },
    options,
  );
}
