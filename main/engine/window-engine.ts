/** PdfEngine over hidden windows, each in a partition of a fixed set. */
import type { PdfEngine } from '../../core/pdf/engine.ts';
import { createFontScanner } from '../../core/pdf/font-scan.ts';
import { FontInspection } from '../../core/pdf/page/font-inspection.ts';
import { PooledEngine, type PoolingOptions } from '../../core/pdf/pool/pooled-engine.ts';
import { WarmSlot } from '../../core/pdf/pool/warm-slot.ts';
import { readShippedFonts } from '../../core/pdf/shipped-fonts.ts';
import { createWindowProcess } from './window-process.ts';

export interface WindowEngineOptions extends PoolingOptions {
  readonly cacheDir: string;
  /** TTF and OTF files that ship with the product. */
  readonly fontsDir: string;
  /** Whether Chromium takes the shipped fonts before those of the system, see private-fonts.ts. */
  readonly ownFonts: boolean;
}

/** To be made after the app is ready. */
export function createWindowEngine(options: WindowEngineOptions): PdfEngine {
  const names = createNames();
  let preparing: Promise<FontInspection> | undefined;
  let fonts: FontInspection | undefined;
  return new PooledEngine(
    {
      get fonts() {
        return fonts;
      },
      async startSlot(slot) {
        preparing ??= inspectFonts(options).catch((error: unknown) => {
          preparing = undefined;
          throw error;
        });
        fonts = await preparing;
        const name = names.take();
        return WarmSlot.start(
          createWindowProcess(name, () => names.giveBack(name)),
          slot,
        );
      },
    },
    options,
  );
}

/**
 * Names of partitions, used again as soon as they are free: a session is never let go of by Electron, so there must not be
 * a new one for every window.
 */
function createNames(): { take(): string; giveBack(name: string): void } {
  const free: string[] = [];
  let made = 0;
  return {
    take: () => free.pop() ?? `influxion-print-${++made}`,
    giveBack: (name) => void free.push(name),
  };
}

async function inspectFonts({ cacheDir, fontsDir, ownFonts }: WindowEngineOptions): Promise<FontInspection> {
  const fonts = await readShippedFonts(fontsDir, cacheDir);
  const shipped = ownFonts ? fonts.families : [];
  return new FontInspection(
    createFontScanner({ shipped, aliased: ownFonts, coverage: fonts.coverage }),
    shipped,
  );
}
