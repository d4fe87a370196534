import type { StudioHost } from '../host/studio-host.ts';
import type { CommandRegistry } from '../ui/command-registry.ts';

/** Keeps the native menus, where there are any, as the registry is, until disposed. */
export function tellMenus(host: StudioHost, registry: CommandRegistry): () => void {
  const tell = (): void => {
    host.showCommands?.(
      registry
        .all()
        .map(({ id, title, shortcut }) => ({ id, title, ...(shortcut !== undefined && { shortcut }) })),
    );
  };
  tell();
  return registry.subscribe(tell);
}
