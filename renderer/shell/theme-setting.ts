import type { StudioHost } from '../host/studio-host.ts';
import { chooseTheme, type ThemeChoice } from '../ui/theme.ts';
import { toast } from '../ui/toast.tsx';

/** Shows a theme at once and keeps it in the settings. */
export function setTheme(host: StudioHost, theme: ThemeChoice): void {
  chooseTheme(theme);
  host.request('settings.write', { patch: { theme } }).catch((error: unknown) => {
    toast({
      title: 'The theme was not kept',
      detail: error instanceof Error ? error.message : String(error),
      tone: 'warn',
      id: 'theme',
    });
  });
}

/** Follows `settings.theme`, whoever changes it, until disposed. */
export function followTheme(host: StudioHost): () => void {
  const controller = new AbortController();
  host.request('settings.read', {}, controller.signal).then(
    ({ theme }) => chooseTheme(theme),
    // The theme of the last time stays; the connection bar tells what is wrong.
    () => undefined,
  );
  const unsubscribe = host.subscribe((event) => {
    if (event.type === 'settings.changed') chooseTheme(event.settings.theme);
  });
  return () => {
    controller.abort();
    unsubscribe();
  };
}
