/** The command of the verify screen. */
import type { Command } from '../../ui/command-registry.ts';

/** The button that opens the file dialog has this id, so that the command finds it. */
export const CHOOSER_ID = 'verify-choose';

const chooser = (): HTMLElement | null => document.getElementById(CHOOSER_ID);

export const verifyCommands: readonly Command[] = [
  {
    id: 'verify.choose',
    title: 'Verify a PDF…',
    anywhere: true,
    when: () => chooser() !== null,
    run: () => chooser()?.click(),
  },
];
