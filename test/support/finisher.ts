import { join } from 'node:path';
import { createFinisher, type Finisher, type Signing } from '../../core/pdf/finish/finisher.ts';
import { openScratch } from '../../core/pdf/finish/scratch.ts';
import { createPdfWorkers } from '../../core/pdf/worker/pdf-workers.ts';
import type { Logger } from '../../core/ports.ts';

const FONTS = join(import.meta.dirname, '../../assets/fonts');

const NO_KEYS: Signing['keys'] = {
  signer: () => Promise.reject(new Error('This test signs nothing')),
  get: () => {
    throw new Error('This test signs nothing');
  },
};

/** A finisher as the product has it, which reaches nobody; large documents go through a folder in `folder`. */
export function openFinisher(
  folder: string,
  logger: Logger,
  { keys = NO_KEYS, ...more }: Partial<Signing> = {},
): { finisher: Finisher; close(): Promise<void> } {
  const workers = createPdfWorkers({ workers: 2, logger });
  const finisher = createFinisher({
    workers,
    openScratch: () => openScratch(join(folder, 'finishing')),
    signing: {
      keys,
      network: () => Promise.resolve({ timeStamp: undefined, revocation: 'off', timeoutMs: 5_000 }),
      fontsFolder: FONTS,
      ...more,
    },
    now: () => Date.now(),
  });
  return { finisher, close: () => workers.close() };
}
