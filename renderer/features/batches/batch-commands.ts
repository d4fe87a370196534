/** The commands of the batches screen. */
import type { Command } from '../../ui/command-registry.ts';
import { dropDraft, useBatches } from './batches-store.ts';

/** Stands in this element, so that the command finds it. */
export const CHOOSE_ID = 'batches-choose';

export const batchCommands: readonly Command[] = [
  {
    id: 'batches.new',
    title: 'New batch from a table…',
    when: () => useBatches.getState().draft === undefined && document.getElementById(CHOOSE_ID) !== null,
    anywhere: true,
    run: () => document.getElementById(CHOOSE_ID)?.click(),
  },
  {
    id: 'batches.discard',
    title: 'Discard the batch that is being prepared',
    when: () => useBatches.getState().draft !== undefined,
    run: dropDraft,
  },
];
