/** The commands of the hot folders. */
import type { Command } from '../../ui/command-registry.ts';
import { askFolders } from './folders-store.ts';

export const folderCommands: readonly Command[] = [
  { id: 'folders.add', title: 'Add a hot folder…', anywhere: true, run: () => askFolders({ kind: 'add' }) },
];
