import { createContext, use, useSyncExternalStore } from 'react';
import { createCommandRegistry, type Command, type CommandRegistry } from '../ui/command-registry.ts';

const Context = createContext<CommandRegistry>(createCommandRegistry());

export const CommandsProvider = Context.Provider;

export const useCommandRegistry = (): CommandRegistry => use(Context);

/** All commands that are registered, kept up to date. */
export function useAllCommands(): readonly Command[] {
  const registry = useCommandRegistry();
  return useSyncExternalStore(registry.subscribe, registry.all);
}
