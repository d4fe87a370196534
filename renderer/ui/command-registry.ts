/** One list of what the studio can do: the palette, shortcuts, buttons and native menus all read it. */
import { matchesShortcut } from './shortcut.ts';

export interface Command {
  /** `templates.new`, `jobs.retry`: the feature, then the verb. */
  readonly id: string;
  /** As the palette shows it: a verb first, in sentence case. */
  readonly title: string;
  /** `Mod+S`; see shortcut.ts. */
  readonly shortcut?: string;
  /** Whether it can run now; left out: always. */
  readonly when?: () => boolean;
  /** Belongs to a screen and is offered also before that was loaded: it comes forward, then the command runs. */
  readonly anywhere?: boolean;
  readonly run: () => void;
}

export interface CommandRegistry {
  /** Adds commands until disposed. A later command of the same id or shortcut goes before an earlier one. */
  add: (commands: readonly Command[]) => () => void;
  /** All that can run now, in the order they were added, one for each id. */
  available: () => readonly Command[];
  /** All that there are, one for each id. */
  all: () => readonly Command[];
  /** False when there is none of the id or it cannot run now. */
  run: (id: string) => boolean;
  /** Runs the command of a key press; false when there is none. */
  press: (event: Parameters<typeof matchesShortcut>[0]) => boolean;
  /** Calls back when commands came or went. */
  subscribe: (listener: () => void) => () => void;
}

const canRun = (command: Command): boolean => command.when?.() ?? true;

export function createCommandRegistry(): CommandRegistry {
  const groups = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let commands: readonly Command[] = [];
  const changed = (): void => {
    commands = [...new Map([...groups].flat().map((command) => [command.id, command])).values()];
    for (const listener of listeners) listener();
  };

  return {
    add(added) {
      // The same list may be added twice, as React does in development.
      const group = [...added];
      groups.add(group);
      changed();
      return () => {
        groups.delete(group);
        changed();
      };
    },
    available: () => commands.filter(canRun),
    all: () => commands,
    run(id) {
      const command = commands.find((each) => each.id === id);
      if (command === undefined || !canRun(command)) return false;
      command.run();
      return true;
    },
    press(event) {
      const command = commands.findLast(
        ({ shortcut, ...each }) =>
          shortcut !== undefined && matchesShortcut(event, shortcut) && (each.when?.() ?? true),
      );
      command?.run();
      return command !== undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
