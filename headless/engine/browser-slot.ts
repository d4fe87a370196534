/** A browser process as what the pool prints on. */
import { WarmSlot, type WarmSlotOptions } from '../../core/pdf/pool/warm-slot.ts';
import { BrowserProcess, type LaunchOptions } from './browser-process.ts';
import { openCdpTarget } from './cdp-target.ts';
import { watchSessionMemory } from './session-memory.ts';

/** Errors: those of `BrowserProcess.launch` and of `WarmSlot.start`. */
export async function startBrowserSlot(options: LaunchOptions & WarmSlotOptions): Promise<WarmSlot> {
  const process = await BrowserProcess.launch(options);
  const { connection, pid, product } = process;
  return WarmSlot.start(
    {
      product,
      startHint: 'Run `influxion doctor`, or set INFLUXION_BROWSER to another browser.',
      get isUsable() {
        return !process.hasLeft && !connection.isClosed;
      },
      left: process.left.then(() => process.exit),
      openTarget: (isolated) => openCdpTarget(connection, { isolated, browser: options.browser.kind }),
      memory: watchSessionMemory(pid),
      giveUp: (reason) => connection.close(reason),
      kill: () => process.kill(),
    },
    options,
  );
}
