/** One PDF of all documents of a batch, made in a PDF worker. */
import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { standardsOf } from '../../../contract/standard.ts';
import type { PageStamp } from '../../pdf/assembly/merge-task.ts';
import type { PdfWorkers } from '../../pdf/worker/pdf-workers.ts';
import type { Clock } from '../../ports.ts';
import { createFolderSync, diskCalls, temporaryName } from '../../store/durable-file.ts';
import type { PinnedTemplates } from '../pin/pinned-templates.ts';
import type { MergeBatch } from './merge-batch.ts';

export interface MergeDeps {
  readonly workers: PdfWorkers;
  readonly pins: PinnedTemplates;
  readonly clock: Clock;
  /** The shipped fonts. */
  readonly fontsFolder: string;
}

/** Of the whole file; checking its standard takes longer the more pages it has. */
const TIMEOUT_MS = 60 * 60_000;

const stampOf = (text: string): PageStamp => ({ text, place: 'bottom-center', size: 9, margin: 24 });

/** Documents that are signed lose their signatures, since they hold for each of them alone; that is a warning. */
export function createMergeBatch({ workers, pins, clock, fontsFolder }: MergeDeps): MergeBatch {
  const syncFolder = createFolderSync(diskCalls);
  return async ({ record, pageNumbers, inputs, target, signal }) => {
    const { defaults } = await pins.load(record.pin);
    const { title, author, subject, keywords, language } = defaults.metadata ?? {};
    const standards = standardsOf(defaults.pdf_standard);
    const temporary = temporaryName(target, 'merge');
    await unlink(temporary).catch(() => undefined);
    try {
      const merged = await workers.run<'merge'>(
        {
          kind: 'merge',
          task: {
            inputs,
            target: temporary,
            standards: standards.length === 0 ? undefined : standards,
            metadata: {
              title: title ?? record.title,
              author: author ?? undefined,
              subject: subject ?? undefined,
              keywords: keywords ?? [],
              language: language ?? undefined,
              documentId: undefined,
            },
            stamp: pageNumbers === undefined ? undefined : stampOf(pageNumbers),
            fontsFolder,
            now: clock.now(),
            seed: undefined,
          },
        },
        { timeoutMs: TIMEOUT_MS, signal },
      );
      {
        await using file = await open(temporary, 'r+');
        await file.sync();
      }
      await rename(temporary, target);
      await syncFolder(dirname(target));
      return merged.warnings.map(({ message }) => message);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  };
}
