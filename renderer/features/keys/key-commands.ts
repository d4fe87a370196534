/** The commands of the keys screen. */
import type { Command } from '../../ui/command-registry.ts';
import { askKeys } from './keys-store.ts';

export const keyCommands: readonly Command[] = [
  { id: 'keys.create', title: 'Make a signing key…', run: () => askKeys({ kind: 'create' }) },
  {
    id: 'keys.import',
    title: 'Import a signing key…',
    run: () => askKeys({ kind: 'import', file: undefined }),
  },
];
