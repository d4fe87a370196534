import type { HotFolder } from '../../../contract/hot-folder.ts';
import type { Tone } from '../../ui/badge.tsx';

/** How a hot folder is, in a word. */
export function folderWords({ state, counts }: HotFolder): { readonly tone: Tone; readonly label: string } {
  if (state === 'paused') return { tone: 'warn', label: 'Paused' };
  if (state === 'unreachable') return { tone: 'bad', label: 'Not reached' };
  return counts.working > 0
    ? { tone: 'run', label: `${counts.working} at work` }
    : { tone: 'ok', label: 'Watching' };
}
