import type { Command } from '../ui/command-registry.ts';
import type { Screen } from './location.ts';
import { useShell } from './shell-store.ts';

/**
 * Commands of a screen, for the whole studio: their shortcuts work only there, so that two screens may have the same
 * ones; chosen elsewhere by name, the screen comes forward first.
 */
export function onScreen(screen: Screen, commands: readonly Command[]): readonly Command[] {
  const isShown = (): boolean => useShell.getState().location.screen === screen;
  return commands.map((command) => ({
    ...command,
    when: () => (isShown() || command.shortcut === undefined) && (command.when?.() ?? true),
    run: () => {
      if (!isShown()) useShell.getState().go(screen);
      command.run();
    },
  }));
}
