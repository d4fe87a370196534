import type { Command } from '../ui/command-registry.ts';
import type { Screen } from './location.ts';
import { useShell } from './shell-store.ts';

/** A screen is loaded when it is first shown. */
const LONGEST_LOAD_MS = 10_000;

/**
 * Commands of a screen, for the whole studio. Those with a shortcut run only while it is shown, so that two screens may
 * have the same one; the others can be chosen by name on any screen, and theirs comes forward first. Those marked
 * `anywhere` are offered before their screen was ever loaded.
 */
export function onScreen(screen: Screen, commands: readonly Command[]): readonly Command[] {
  const isShown = (): boolean => useShell.getState().location.screen === screen;
  return commands.map((command) => ({
    ...command,
    when: () =>
      command.anywhere === true || ((isShown() || command.shortcut === undefined) && canRun(command)),
    run: () => {
      if (!isShown()) useShell.getState().go(screen);
      runWhenReady(command, performance.now() + LONGEST_LOAD_MS);
    },
  }));
}

const canRun = (command: Command): boolean => command.when?.() ?? true;

function runWhenReady(command: Command, deadline: number): void {
  if (canRun(command)) command.run();
  else if (performance.now() < deadline) requestAnimationFrame(() => runWhenReady(command, deadline));
}
