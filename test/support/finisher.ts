import { join } from 'node:path';
import { createFinisher, type Finisher } from '../../core/pdf/finish/finisher.ts';
import { openScratch } from '../../core/pdf/finish/scratch.ts';
import { createPdfWorkers } from '../../core/pdf/worker/pdf-workers.ts';
import type { Logger } from '../../core/ports.ts';

/** A finisher as the product has it; large documents go through a folder in `folder`. */
export function openFinisher(folder: string, logger: Logger): { finisher: Finisher; close(): Promise<void> } {
  const workers = createPdfWorkers({ workers: 2, logger });
  const finisher = createFinisher({ workers, openScratch: () => openScratch(join(folder, 'finishing')) });
  return { finisher, close: () => workers.close() };
}
